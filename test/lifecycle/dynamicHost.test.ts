import { resolve } from "node:path";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, put, type SampleDescriptor } from "../samples/target";
import { artifacts, type Stack, startStack } from "./harness";

const dynamic = "pulumi-artifact-mirror/dynamic";
const alias = "pulumi-nodejs:dynamic/artifact-mirror:MirroredArtifact";
const password = "hunter2-canary";
const signer = keySigner();

let source: TestRegistry;
let destination: TestRegistry;
let stack: Stack;

beforeEach(async () => {
  forgotten = 0;
  [source, destination] = await Promise.all([
    startRegistry(),
    startRegistry({
      auth: "basic",
      users: { mirror: { password, allows: ["*:*:*"] } },
    }),
  ]);
  stack = startStack({
    program: "",
    registries: [source, destination],
    config: {
      "artifact-mirror:credentials": JSON.stringify([
        { registry: destination.host, username: "mirror", password },
      ]),
    },
  });
});

afterEach(async () => {
  stack.close();
  await Promise.all([source.close(), destination.close()]);
});

const trusting = (who = signer) => ({
  signedBy: [{ key: { publicKey: who.publicKeyPem, tlog: "not-required" } }],
});

function declare(
  names: readonly string[] = ["app"],
  more: object = {},
  how: { readonly module?: string; readonly options?: object } = {},
): void {
  const declared = names.map((name) => [
    name,
    {
      source: `${source.host}/acme/${name}:1`,
      destination: `${destination.host}/mirror/${name}:1`,
      policy: trusting(),
      ...more,
    },
  ]);
  const properties = Object.fromEntries(declared);
  stack.write(artifacts(properties, { module: dynamic, ...how }));
}

async function publish(
  seed: string,
  { name = "app", isSigned = true } = {},
): Promise<SampleDescriptor> {
  const place = inRegistry(source, `acme/${name}`);
  const descriptor = await put(place, image({ seed }), "1");
  if (isSigned) {
    const layers = [await signatureLayer(descriptor, signer)];
    await attachLegacy(place, descriptor, { suffix: "sig", layers });
  }
  return descriptor;
}

let forgotten = 0;

/** What was written to the destination since the last `forget`. */
function written(): string[] {
  return destination.requests
    .slice(forgotten)
    .filter(({ method }) => !["GET", "HEAD"].includes(method))
    .map(({ method, path }) => `${method} ${path}`);
}

function forget(): void {
  forgotten = destination.requests.length;
}

test("it judges in preview and writes nothing, mirrors in up, sees no change afterwards, and refuses what is unsigned", async () => {
  const first = await publish("one");
  declare();
  const preview = await stack.engine.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  expect(written()).toEqual([]);

  const up = await stack.engine.up();
  expect(up).toMatchObject({ exitCode: 0 });
  expect(destination.tag("mirror/app", "1")).toBe(first.digest);
  const state = stack.engine.resource("app");
  expect(state?.outputs).toMatchObject({
    digest: first.digest,
    ref: `${destination.host}/mirror/app@${first.digest}`,
  });
  expect(JSON.stringify(state?.outputs)).not.toContain("BEGIN PUBLIC KEY");

  const again = await stack.engine.preview({ expectNoChanges: true });
  expect(again).toMatchObject({ exitCode: 0 });

  await publish("two", { isSigned: false });
  forget();
  const refused = await stack.engine.preview();
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.text).toContain("NO_EVIDENCE");
  expect((await stack.engine.up()).exitCode).toBe(1);
  expect(written()).toEqual([]);
  expect(destination.tag("mirror/app", "1")).toBe(first.digest);
  expect(
    [preview, up, again, refused].map(({ text }) => text).join("\n"),
  ).not.toContain(password);
});

test("its text in state is small, holds no secret, and only asks the installed package", async () => {
  await publish("one");
  declare();
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  const { inputs, outputs } = stack.engine.resource("app") ?? {};
  expect(inputs).toHaveProperty("__provider");
  const text = String(inputs?.["__provider"]);
  expect(text).toBe(outputs?.["__provider"]);
  expect(text.length).toBeLessThan(2300);
  expect(text).not.toContain(password);
  const required = [...text.matchAll(/require\(([^)]*)\)/g)];
  expect(new Set(required.map(([, what]) => what))).toEqual(
    new Set([JSON.stringify("pulumi-artifact-mirror/dynamic/host")]),
  );
  expect(required).toHaveLength(7);
});

test("a policy that nobody meets, an empty one, and one under the floor are refused in preview", async () => {
  await publish("one");
  for (const [policy, said] of [
    [trusting(keySigner()), "REFUSED|refused"],
    [{}, "policy"],
    [{ unverified: "ticket 1" }, "allowUnverified"],
  ] as const) {
    declare(["app"], { policy });
    const floor = { "artifact-mirror:allowUnverified": "false" };
    const strict = startStack({
      program: resolve(stack.projectDir, "index.js"),
      registries: [source, destination],
      config: floor,
    });
    try {
      const { exitCode, text } = await strict.engine.preview();
      expect({ exitCode, text }).toEqual({
        exitCode: 1,
        text: expect.stringMatching(said),
      });
    } finally {
      strict.close();
    }
  }
  expect(written()).toEqual([]);
});

test("a changed policy is judged again in preview, and nothing of the artifact is copied again", async () => {
  await publish("one");
  declare();
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  declare(["app"], { policy: { ...trusting(), threshold: 1 } });
  const preview = await stack.engine.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  expect(preview.text).toMatch(/app update/);
  forget();
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  expect(written().filter((request) => request.includes("/blobs/"))).toEqual(
    [],
  );
  declare(["app"], { policy: trusting(keySigner()) });
  expect((await stack.engine.preview()).exitCode).toBe(1);
});

test("many at once are all refreshed with the configuration, and destroy keeps the copies", async () => {
  const names = ["a", "b", "c", "d"];
  for (const name of names) await publish(name, { name });
  declare(names);
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  const refreshed = await stack.engine.refresh();
  expect(refreshed).toMatchObject({ exitCode: 0 });
  expect(refreshed.text).not.toContain("could not");
  expect(await stack.engine.destroy()).toMatchObject({ exitCode: 0 });
  for (const name of names) {
    expect(destination.tag(`mirror/${name}`, "1")).toBeDefined();
  }
});

test("an alias moves it to the native resource: nothing is replaced and nothing is copied", async () => {
  await publish("one");
  declare();
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  const options = { aliases: [{ type: alias }] };
  declare(["app"], {}, { module: "pulumi-artifact-mirror", options });
  const preview = await stack.engine.preview();
  expect(preview).toMatchObject({ exitCode: 0 });
  expect(preview.text).not.toMatch(/replace|delete/);
  forget();
  expect(await stack.engine.up()).toMatchObject({ exitCode: 0 });
  expect(written()).toEqual([]);
  expect(stack.engine.resource("app")?.urn).toContain(
    "artifact-mirror:index:MirroredArtifact",
  );
});
