import { digestOf } from "../../../provider/oci/digest";
import { parseManifest } from "../../../provider/oci/manifest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { scopesAsked } from "../../registry/recorder";
import { image } from "../../samples/artifacts";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { vendor } from "../verifiers/judging";
import { nodeOf } from "./opened";
import { loggedIn, node, sample, useShop } from "./shop";

const { copying } = useShop();

test("W44, W60: a copy never asks for a catalog, and puts tags one by one", async () => {
  const { from, to, copy, destination, world } = await copying(
    { auth: "token" },
    loggedIn,
  );
  await copy();
  await destination.put(node, world.reach);
  for (const tag of ["1", "latest"])
    await destination.tag(tag, node, world.reach);
  const requests = [...from.requests, ...to.requests];
  expect(requests.filter(({ kind }) => kind === "catalog")).toEqual([]);
  expect(
    scopesAsked(requests).filter((one) => one.includes("catalog")),
  ).toEqual([]);
  expect(requests.filter(({ query }) => /\btag=/.test(query))).toEqual([]);
  expect(to.tags("mirror/app")).toEqual(["1", "latest"]);
});

test("W156: a manifest whose subject is not there is written all the same", async () => {
  const { to, destination, world } = await copying();
  const absent = image({ seed: "absent" }).descriptor;
  const referrer = await bundleReferrer(absent, vendor);
  for (const bytes of referrer.blobs ?? []) to.putBlob("mirror/app", bytes);
  await destination.put(nodeOf(referrer), world.reach);
  expect(to.manifest("mirror/app", referrer.descriptor.digest)).toBeDefined();
  expect(to.manifest("mirror/app", absent.digest)).toBeUndefined();
});

test("W56: a manifest arrives byte for byte, however oddly it is written", async () => {
  const { to, destination, copy, world } = await copying();
  await copy();
  const { config, layers } = JSON.parse(Buffer.from(sample.bytes).toString());
  const odd = ` {\n\t"layers" : ${JSON.stringify(layers, null, 3)},\r\n"annotations":{"b":"\\u0041","a":"\u00e9\\/"},"config":${JSON.stringify(config)},
    "mediaType":"${mediaTypes.ociManifest}", "schemaVersion":2 } \n`;
  const bytes = Buffer.from(odd);
  const descriptor = {
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(bytes),
    size: bytes.length,
  };
  const manifest = parseManifest(bytes, descriptor.mediaType);
  await destination.put({ descriptor, bytes, manifest }, world.reach);
  const stored = to.manifest("mirror/app", descriptor.digest);
  expect(Buffer.from(stored?.bytes ?? []).toString()).toBe(odd);
  await expect(
    destination.read(descriptor, 1 << 20, world.reach),
  ).resolves.toEqual(bytes);
});
