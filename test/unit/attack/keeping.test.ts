import { openOutside } from "../../../provider/hosts/world";
import type { Values } from "../../../provider/mirror/lifecycle";
import { mirroredArtifact } from "../../../provider/resources/mirroredArtifact";
import { writes } from "../../registry/recorder";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { attachLegacy, cosignTag } from "../../samples/attach";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import { inRegistry, put } from "../../samples/target";

const [signer, other] = [keySigner(), keySigner()];
const policyOf = ({ publicKeyPem }: typeof signer) => ({
  signedBy: [
    { key: { publicKey: publicKeyPem, tlog: "not-required" as const } },
  ],
});
const [good, evil] = [image({ seed: "good" }), image({ seed: "evil" })];

interface Scene {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  /** a run of its own, as a new process would have it */
  run<Answer>(
    work: (
      lifecycle: ReturnType<typeof mirroredArtifact.lifecycle>,
      call: Parameters<
        ReturnType<typeof mirroredArtifact.lifecycle>["plan"]
      >[0],
    ) => Promise<Answer>,
    policies?: Parameters<typeof openOutside>[0]["policies"],
  ): Promise<Answer>;
  inputs: Values;
  close(): Promise<unknown>;
}

async function open(): Promise<Scene> {
  const [source, destination] = await Promise.all([
    startRegistry({}),
    startRegistry({}),
  ]);
  const registries = [source, destination].map(({ host }) => ({
    host,
    plainHttp: true,
  }));
  const vendor = inRegistry(source, "acme/app");
  await put(vendor, good, "1");
  const layers = [await signatureLayer(good.descriptor, signer)];
  await attachLegacy(vendor, good.descriptor, { suffix: "sig", layers });
  return {
    source,
    destination,
    inputs: {
      source: `${source.host}/acme/app:1`,
      destination: `${destination.host}/mirror/app:1`,
      policy: policyOf(signer),
      onRefused: "keep",
    },
    run: async (work, policies) => {
      const outside = openOutside({ registries, policies }, {});
      const { signal } = new AbortController();
      const reach = { send: outside.send, signal, now: () => new Date() };
      try {
        const lifecycle = mirroredArtifact.lifecycle(outside.world);
        return await work(lifecycle, { reach, tell: () => undefined });
      } finally {
        await outside.close();
      }
    },
    close: () => Promise.all([source.close(), destination.close()]),
  };
}

let scene: Scene;
let state: Values;

beforeEach(async () => {
  scene = await open();
  const done = await scene.run((lifecycle, call) =>
    lifecycle.apply(call, { inputs: scene.inputs, ignoreChanges: [] }),
  );
  state = done.state;
  await put(inRegistry(scene.source, "acme/app"), evil, "1");
});
afterEach(() => scene.close());

/** The destination's tag is moved to what nobody signed, and a refresh has seen it. */
async function drifted(): Promise<Values> {
  await put(inRegistry(scene.destination, "mirror/app"), evil, "1");
  const seen = await scene.run((lifecycle, call) =>
    lifecycle.observe(call, { id: "x", inputs: scene.inputs, state }),
  );
  scene.destination.resetRequests();
  return seen?.state ?? {};
}

const desired = (old: Values, more: Values = {}) => ({
  inputs: { ...scene.inputs, ...more },
  state: old,
  ignoreChanges: [],
});
const tagNow = () => scene.destination.tag("mirror/app", "1");

test("a preview that would put the admitted digest back writes nothing", async () => {
  const old = await drifted();
  const planned = await scene.run((lifecycle, call) =>
    lifecycle.plan(call, desired(old)),
  );
  expect(planned["digest"]).toBe(good.descriptor.digest);
  expect(writes(scene.destination.requests)).toEqual([]);
  expect(tagNow()).toBe(evil.descriptor.digest);
});

test("what is put back is the admitted digest, and never what the tag was moved to", async () => {
  const old = await drifted();
  await scene.run((lifecycle, call) => lifecycle.apply(call, desired(old)));
  expect(tagNow()).toBe(good.descriptor.digest);
});

test("nothing is put back whose evidence was taken away meanwhile", async () => {
  const old = await drifted();
  scene.destination.deleteTag("mirror/app", cosignTag(good.descriptor, "sig"));
  await expect(
    scene.run((lifecycle, call) => lifecycle.apply(call, desired(old))),
  ).rejects.toMatchObject({ fault: "refused" });
  expect(writes(scene.destination.requests)).toEqual([]);
});

test("nothing is put back that today's policy does not admit", async () => {
  const old = await drifted();
  const policy = policyOf(other);
  await expect(
    scene.run((lifecycle, call) =>
      lifecycle.apply(call, desired(old, { policy })),
    ),
  ).rejects.toMatchObject({ fault: "refused" });
  expect(writes(scene.destination.requests)).toEqual([]);
});

test("what was kept under another policy stays pending, until that policy has admitted it", async () => {
  const policy = policyOf(other);
  const inputs = { ...scene.inputs, policy, digest: good.descriptor.digest };
  const kept = await scene.run((lifecycle, call) =>
    lifecycle.apply(call, { inputs, state, ignoreChanges: [] }),
  );
  const changes = await scene.run(async (lifecycle) =>
    lifecycle.pending({
      inputs,
      oldInputs: inputs,
      state: kept.state,
      ignoreChanges: [],
    }),
  );
  expect(changes.map(({ path }) => path)).toContain(
    "verification.policyDigest",
  );
});

test("an import is no admission: with keep, too, the first judgement must pass", async () => {
  const imported = Object.fromEntries(
    Object.entries(state).filter(([name]) => name !== "verification"),
  );
  await expect(
    scene.run((lifecycle, call) => lifecycle.apply(call, desired(imported))),
  ).rejects.toMatchObject({ fault: "refused" });
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "policy.use of %s is no policy",
  async (use) => {
    const inputs = { ...scene.inputs, policy: { use } };
    const checked = await scene.run(
      (lifecycle, call) => lifecycle.check(call, { news: inputs }),
      { corp: policyOf(signer) },
    );
    expect(checked.failures.map(({ property }) => property)).toEqual([
      "policy.use",
    ]);
  },
);

test("a shared policy that changes behind its name is a change of trust", async () => {
  const inputs = {
    ...scene.inputs,
    policy: { use: "corp" },
    digest: good.descriptor.digest,
  };
  const done = await scene.run(
    (lifecycle, call) =>
      lifecycle.apply(call, { inputs, state, ignoreChanges: [] }),
    { corp: policyOf(signer) },
  );
  const changes = await scene.run(
    async (lifecycle) =>
      lifecycle.pending({
        inputs,
        oldInputs: inputs,
        state: done.state,
        ignoreChanges: [],
      }),
    { corp: policyOf(other) },
  );
  expect(changes.map(({ path }) => path)).toEqual([
    "verification.policyDigest",
  ]);
});
