import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MirrorError } from "../../../provider/mirror/errors";
import { pinFiles } from "../../../provider/verifiers/material/pin";
import { placeOf } from "../../../provider/verifiers/material/place";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import {
  policyDigest,
  policySchema,
  type PolicyInput,
} from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { emptyConfig, index, manifest } from "../../samples/artifacts";
import { notationSigner, trusting } from "../../samples/notation";
import { keySigner } from "../../samples/signers";
import { sha256, type Sample } from "../../samples/target";
import { MemoryStore } from "../mirror/memoryStore";
import { contextOf, offline } from "./world";

const nobodyLists = () => Promise.reject(new Error("nobody lists"));
const hex = "0".repeat(64);
const { publicKeyPem } = keySigner();
const signedWith = (publicKey: string): PolicyInput => ({
  signedBy: [{ key: { publicKey, tlog: "not-required" } }],
});
const at = ["signedBy", 0, "key", "publicKey"];

/** An artifact whose layers are these texts. */
const artifactOf = (...layers: string[]): Sample =>
  manifest({
    config: emptyConfig,
    layers: layers.map((text) => ({
      mediaType: "text/plain",
      bytes: Buffer.from(text),
    })),
  });

/** A policy's context in which one artifact can be read; `store.log` holds what was asked. */
function holding({ descriptor, bytes, blobs }: Sample) {
  const store = new MemoryStore("source");
  const { digest, mediaType } = descriptor;
  store.manifests.set(digest, { bytes, mediaType });
  for (const blob of blobs) store.blobs.set(sha256(blob), blob);
  const open = () => store;
  const context = contextOf({
    stores: { open, openForWriting: open, repositories: nobodyLists },
  });
  return { store, context, place: `artifact:reg.example/trust@${digest}` };
}

test.each([
  ["vendor.pub", true],
  ["../keys/vendor.pem", true],
  ["-----BEGIN PUBLIC KEY-----", false],
])("a path without `file:` is known for one: %s", (text, isPath) => {
  const { error } = policySchema.safeParse(signedWith(text));
  const said = error?.issues.map(({ message }) => message).join() ?? "";
  expect(said).not.toBe("");
  expect(said.includes("write `file:PATH`")).toBe(isPath);
});

describe("where trust material lies", () => {
  test.each<[string, object | undefined]>([
    ["-----BEGIN PUBLIC KEY-----", undefined],
    ["file:vendor.pem", { kind: "file", path: "vendor.pem" }],
    ["file:a@b/c.pem", { kind: "file", path: "a@b/c.pem" }],
    [
      `file:vendor.pem@sha256:${hex}`,
      { kind: "file", path: "vendor.pem", digest: `sha256:${hex}` },
    ],
    [
      `artifact:reg.example/trust@sha256:${hex}`,
      { kind: "artifact", digest: `sha256:${hex}` },
    ],
  ])("%s", (text, expected) => {
    if (expected === undefined) expect(placeOf(text)).toBeUndefined();
    else expect(placeOf(text)).toMatchObject(expected);
  });

  test.each([
    ["file:", /names no file/],
    ["file:vendor.pem@sha256:12", /is not a digest/],
    ["artifact:reg.example/trust:1", /without its digest/],
    ["artifact:", /./],
  ])("%s is refused", (text, reason) => {
    expect(() => placeOf(text)).toThrow(reason);
  });
});

describe("a file of trust material", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "material-"));
    file = join(folder, "vendor.pem");
    writeFileSync(file, publicKeyPem);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("gets its digest, and is what it was given as", async () => {
    const pinned = pinFiles(policySchema, signedWith(`file:${file}`));
    const digest = sha256(Buffer.from(publicKeyPem));
    expect(pinned).toEqual({
      value: signedWith(`file:${file}@${digest}`),
      problems: [],
    });
    const policy = signedWith(`file:${file}@${digest}`);
    const { requirements } = await preparePolicy(policy, contextOf());
    const inline = await preparePolicy(signedWith(publicKeyPem), contextOf());
    expect(requirements[0]?.authorities[0]?.wants).toBe(
      inline.requirements[0]?.authorities[0]?.wants,
    );
  });

  test("that was changed since Check is not used", async () => {
    const policy = signedWith(
      `file:${file}@${sha256(Buffer.from(publicKeyPem))}`,
    );
    writeFileSync(file, keySigner().publicKeyPem);
    await expect(preparePolicy(policy, contextOf())).rejects.toMatchObject({
      fault: "invalid",
      message: expect.stringContaining("the file was changed"),
    });
  });

  test("that names a further place is no key", async () => {
    writeFileSync(file, "file:other.pem");
    expect(await examinePolicy(signedWith(`file:${file}`))).toEqual([
      { path: at, reason: "leads to a text that names a further place" },
    ]);
  });

  test("that is no key is told at its property", async () => {
    writeFileSync(file, "{}");
    expect(await examinePolicy(signedWith(`file:${file}`))).toMatchObject([
      { path: at, reason: expect.stringContaining("must be one PEM block") },
    ]);
  });
});

test("a trust policy and its stores may be files, too: nested lists and records are walked", async () => {
  const folder = mkdtempSync(join(tmpdir(), "material-"));
  try {
    const { notation } = trusting(notationSigner());
    const [certificate] = notation.trustStores.ca.acme;
    const write = (name: string, text = "") => {
      writeFileSync(join(folder, name), text);
      return `file:${join(folder, name)}`;
    };
    const named = (file: string): PolicyInput => ({
      signedBy: [
        {
          notation: {
            trustPolicy: write("trustpolicy.json", notation.trustPolicy),
            trustStores: { ca: { acme: [file] } },
          },
        },
      ],
    });
    const good = named(write("acme.pem", certificate));
    expect(await examinePolicy(good)).toEqual([]);
    expect(policyDigest(good)).not.toBe(
      policyDigest({ signedBy: [{ notation }] }),
    );
    const { requirements } = await preparePolicy(good, contextOf());
    expect(requirements).toHaveLength(1);
    const bad = named(write("nothing.pem", "nothing"));
    expect(await examinePolicy(bad)).toMatchObject([
      { path: ["signedBy", 0, "notation", "trustStores", "ca", "acme", 0] },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("a policy's digest", () => {
  const at256 = (digit: string) => `sha256:${digit.repeat(64)}`;

  test("follows the digest of a file, and not its path", () => {
    const digests = [
      `file:a.pem@${at256("1")}`,
      `file:b/c.pem@${at256("1")}`,
      `file:a.pem@${at256("2")}`,
    ].map((text) => policyDigest(signedWith(text)));
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });
});

describe("an artifact of trust material", () => {
  test("is read once, whatever many artifacts are judged by it", async () => {
    const { store, context, place } = holding(artifactOf(publicKeyPem));
    await preparePolicy(signedWith(place), context);
    const asked = store.log.length;
    expect(asked).toBeGreaterThan(0);
    await preparePolicy(signedWith(place), context);
    expect(store.log).toHaveLength(asked);
  });

  test.each<[string, Sample, RegExp]>([
    ["of two layers", artifactOf(publicKeyPem, "more"), /2 layers/],
    ["that is an index", index([artifactOf(publicKeyPem)]), /0 layers/],
    ["that is no key", artifactOf("nothing"), /must be one PEM block/],
  ])("%s is told at its property", async (_, sample, reason) => {
    const { context, place } = holding(sample);
    const reading = { ...context, onSilence: () => undefined };
    expect(await examinePolicy(signedWith(place), reading)).toEqual([
      { path: at, reason: expect.stringMatching(reason) },
    ]);
  });

  test("that is not there is told at its property", async () => {
    const { context } = holding(artifactOf(publicKeyPem));
    const place = `artifact:reg.example/trust@sha256:${hex}`;
    const reading = { ...context, onSilence: () => undefined };
    expect(await examinePolicy(signedWith(place), reading)).toMatchObject([
      { path: at },
    ]);
  });

  test("that does not answer is left for its use, and then it blocks", async () => {
    const silence = new MirrorError({
      fault: "unreachable",
      code: "NETWORK",
      what: "could not reach reg.example",
      why: "no answer",
      remedy: "try again",
    });
    const open = () => {
      throw silence;
    };
    const context = contextOf({
      stores: { open, openForWriting: open, repositories: nobodyLists },
    });
    const policy = signedWith(`artifact:reg.example/trust@sha256:${hex}`);
    const told: unknown[] = [];
    const onSilence = (why: Error) => told.push(why);
    const reading = { stores: context.stores, reach: offline, onSilence };
    expect(await examinePolicy(policy, reading)).toEqual([]);
    expect(told).toEqual([silence]);
    await expect(preparePolicy(policy, context)).rejects.toBe(silence);
  });
});
