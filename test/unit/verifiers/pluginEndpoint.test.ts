import { request } from "node:http";
import { MirrorError } from "../../../provider/mirror/errors";
import type { EvidenceManifest, Judged } from "../../../provider/mirror/ports";
import { readNode } from "../../../provider/mirror/graph";
import { resolve } from "../../../provider/mirror/resolve";
import type { Descriptor } from "../../../provider/oci/descriptor";
import {
  openEndpoint,
  type Endpoint,
} from "../../../provider/verifiers/requirements/plugin/endpoint";
import { pluginScript } from "../../samples/plugins";
import { MemoryStore } from "../mirror/memoryStore";
import { inPluginWorld } from "./pluginWorld";
import { offline } from "./world";

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function ask(address: string, method = "GET"): Promise<Got> {
  const { promise, resolve: answer, reject } = Promise.withResolvers<Got>();
  request(`http://${address}`, { method, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { statusCode: status = 0, headers } = response;
      answer({ status, headers, text });
    });
  })
    .on("error", reject)
    .end();
  return promise;
}

/** A place with an index of one image, an SBOM about it, a signature about that, and a stranger. */
async function scenery() {
  const store = new MemoryStore("source", "source.example/acme/app");
  const child = store.image("child");
  const root = store.index([child]);
  const sbom = store.referrer(root, "sbom", { artifactType: "text/sbom" });
  const signature = store.referrer(sbom, "signature");
  const stranger = store.image("stranger");
  const evidence = async (
    descriptor: Descriptor,
    subject: Descriptor,
  ): Promise<EvidenceManifest> => ({
    subject,
    node: await readNode(store, descriptor, offline),
    below: [],
    via: "referrer",
    from: store,
  });
  const judged: Judged = {
    place: store,
    reference: `${store.repository}@${root.digest}`,
    evidence: [],
    inside: [],
    node: await readNode(
      store,
      await resolve(store, root.digest, offline),
      offline,
    ),
    referrers: [await evidence(sbom, root), await evidence(signature, sbom)],
  };
  return { store, child, root, sbom, signature, stranger, judged };
}

type Scenery = Awaited<ReturnType<typeof scenery>>;

async function inEndpoint(
  work: (
    get: (path: string, method?: string) => Promise<Got>,
    scene: Scenery & { readonly endpoint: Endpoint },
  ) => Promise<void>,
): Promise<void> {
  const scene = await scenery();
  const endpoint = await openEndpoint(scene.judged, offline);
  const [host = "", ...name] = endpoint.repository.split("/");
  try {
    await work(
      (path, method) => ask(`${host}/v2/${name.join("/")}/${path}`, method),
      { ...scene, endpoint },
    );
  } finally {
    await endpoint.close();
  }
}

test("it serves the subject, its referrers and their content, by GET and HEAD", () =>
  inEndpoint(async (get, { root, child, sbom, signature, store, endpoint }) => {
    expect(endpoint.repository).toMatch(
      /^127\.0\.0\.1:[0-9]+\/[0-9a-f]{32}\/acme\/app$/,
    );
    for (const { digest, mediaType, size } of [root, child, sbom, signature]) {
      const got = await get(`manifests/${digest}`);
      expect(got).toMatchObject({
        status: 200,
        headers: {
          "content-type": mediaType,
          "docker-content-digest": digest,
        },
      });
      expect(got.text).toHaveLength(size);
      expect(await get(`manifests/${digest}`, "HEAD")).toMatchObject({
        status: 200,
        headers: { "content-length": String(size) },
        text: "",
      });
    }
    const layer = store.blob("sbom");
    expect(await get(`blobs/${layer.digest}`)).toMatchObject({
      status: 200,
      text: "sbom",
    });
    expect(await get(`blobs/${layer.digest}`, "HEAD")).toMatchObject({
      status: 200,
      text: "",
    });
    // a child's blobs are known once the child is
    const ofChild = store.blob("layer of child");
    expect(await get(`blobs/${ofChild.digest}`)).toMatchObject({ status: 200 });
  }));

test("it lists referrers by the API, with and without a filter, and by the fallback tag", () =>
  inEndpoint(async (get, { root, sbom, signature }) => {
    const digestsIn = ({ text }: Got): readonly string[] =>
      JSON.parse(text).manifests.map((one: Descriptor) => one.digest);
    const all = await get(`referrers/${root.digest}`);
    expect(all.headers).not.toHaveProperty("oci-filters-applied");
    expect(digestsIn(all)).toEqual([sbom.digest]);
    expect(digestsIn(await get(`referrers/${sbom.digest}`))).toEqual([
      signature.digest,
    ]);
    const filtered = await get(`referrers/${root.digest}?artifactType=x`);
    expect(filtered.headers).toMatchObject({
      "oci-filters-applied": "artifactType",
    });
    expect(digestsIn(filtered)).toEqual([]);
    const tag = root.digest.replace(":", "-");
    expect(digestsIn(await get(`manifests/${tag}`))).toEqual([sbom.digest]);
  }));

test("nothing else of the registry can be read, and nothing can be written", () =>
  inEndpoint(async (get, { stranger, store, root, endpoint }) => {
    const foreign = store.blob("layer of stranger");
    for (const path of [
      `manifests/${stranger.digest}`,
      `blobs/${foreign.digest}`,
      `manifests/latest`,
      `tags/list`,
      `manifests/..%2f..`,
      "",
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    const [host] = endpoint.repository.split("/");
    for (const path of [
      `/v2/acme/app/manifests/${root.digest}`,
      "/v2/_catalog",
      "/",
    ]) {
      expect((await ask(`${host}${path}`)).status).toBe(404);
    }
    expect((await ask(`${host}/v2/`)).status).toBe(200);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect((await get(`manifests/${root.digest}`, method)).status).toBe(405);
    }
  }));

test("after the judgement nobody answers any more", async () => {
  const { judged, root } = await scenery();
  const endpoint = await openEndpoint(judged, offline);
  await endpoint.close();
  const [host = ""] = endpoint.repository.split("/");
  await expect(ask(`${host}/v2/x/manifests/${root.digest}`)).rejects.toThrow(
    "ECONNREFUSED",
  );
});

test("a no of a plugin whose registry did not answer is inconclusive", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(
      pluginScript(`
  const manifest = await get("manifests/" + stdin.referenceDesc.digest);
  const [layer] = JSON.parse(manifest.text).layers;
  const { status } = await get("blobs/" + layer.digest);
  no("the registry answered " + status);`),
    );
    await world.attach("MIT");
    world.source.open = () => {
      throw new MirrorError({
        fault: "unreachable",
        code: "NETWORK",
        what: "could not read",
        why: "no answer",
        remedy: "try again",
      });
    };
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "inconclusive",
      code: "NETWORK",
    });
  }));

test("two judgements at once have two endpoints, and neither reads by the other's path", async () => {
  const { judged, root } = await scenery();
  const [one, other] = await Promise.all([
    openEndpoint(judged, offline),
    openEndpoint(judged, offline),
  ]);
  const [host = ""] = one.repository.split("/");
  const [, ...name] = other.repository.split("/");
  const crossed = `${host}/v2/${name.join("/")}/manifests/${root.digest}`;
  expect((await ask(crossed)).status).toBe(404);
  await Promise.all([one.close(), other.close()]);
});
