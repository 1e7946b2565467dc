import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import { declareMany } from "./many";
import { inScene, type Declared, type Scene } from "./scene";
import { canary } from "./witness";

/** The scene's program behind a gate. */
const gated = `"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");
const mirror = require("pulumi-artifact-mirror");
const { resources, provider, gate = {} } = JSON.parse(readFileSync(join(__dirname, "declared.json"), "utf8"));
class Foreign extends pulumi.CustomResource {
  constructor() {
    super("foreign:index:Thing", "thing", { result: undefined });
  }
}
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return pulumi.secret(revive(value.$secret));
  if ("$unknown" in value) return new Foreign().result.apply(() => value.$unknown);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}
module.exports = async () => {
  const explicit = provider && new mirror.Provider("corp", revive(provider));
  const wanted = Object.fromEntries(Object.entries(resources).map(([name, { args }]) => [name, revive(args)]));
  await mirror.gate(wanted, { ...gate, provider: explicit });
  for (const [name, args] of Object.entries(wanted))
    new mirror[resources[name].type ?? "MirroredArtifact"](name, args, { provider: explicit });
};
`;

const behindGate = (scene: Scene) =>
  writeFileSync(join(scene.folder, "index.js"), gated);

const unsigned = async (scene: Scene, name: string): Promise<Declared> => {
  const target = inRegistry(scene.source, `acme/${name}`);
  await put(target, image({ seed: name, layers: [500] }), "1");
  const source = `${scene.source.host}/acme/${name}:1`;
  const destination = `${scene.destination.host}/mirror/${name}:1`;
  return { args: { source, destination, policy: scene.policy } };
};

/** So many artifacts that nobody signed. */
async function declareBad(scene: Scene, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `bad-${at}`);
  const all = names.map(async (name) => [name, await unsigned(scene, name)]);
  scene.declare(Object.fromEntries(await Promise.all(all)));
  return names;
}

const refusedIn = (text: string, names: readonly string[]) =>
  names.filter((name) => text.includes(`/acme/${name}:1@sha256:`));

test("of twenty bad artifacts a plain preview shows those that are in flight; behind the gate it shows all, and registers nothing", () =>
  inScene({}, async (scene) => {
    const names = await declareBad(scene, 20);
    const plain = await scene.engine.preview();
    expect(plain.exitCode).toBe(1);
    expect(refusedIn(plain.text, names).length).toBeLessThan(20);
    behindGate(scene);
    for (const run of [await scene.engine.preview(), await scene.engine.up()]) {
      expect(run.exitCode).toBe(1);
      expect(refusedIn(run.text, names)).toEqual(names);
      expect(run.text).toContain(
        "gate: 20 of 20 may not come in; nothing was registered:\n",
      );
      expect(run.steps.filter(({ urn }) => urn.includes("Mirrored"))).toEqual(
        [],
      );
    }
    expect(scene.engine.resource("bad-0")).toBeUndefined();
  }));

test("a gate lets through what is signed, in preview and in up, and the resources judge it again", () =>
  inScene({}, async (scene) => {
    await declareMany(scene, { count: 3, watch: "none" });
    behindGate(scene);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toMatch(/gate: nothing against 3 of 3:\n/);
    expect(preview.text).toMatch(
      `app-1: verified, signed by ${scene.signer.keyId}: ${scene.source.host}/acme/app-1@sha256:`,
    );
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app-2", "1")).toBeDefined();
  }));

test("what is not known yet and what is a repository is passed over, with a line that says so; what cannot be asked is a no", () =>
  inScene({}, async (scene) => {
    const good = await unsigned(scene, "good");
    const { source, policy, destination } = good.args;
    const noPolicy = { unverified: "ticket 1" };
    scene.declare({
      later: { args: { source: { $unknown: source }, destination, policy } },
      several: {
        type: "MirroredRepository",
        args: {
          source: `${scene.source.host}/acme/app`,
          destination: `${scene.destination.host}/mirror/all`,
          tags: { mode: "all" },
          policy,
        },
      },
      open: { args: { source, destination, policy: noPolicy } },
      gone: { args: { source: `${source}0`, destination, policy } },
      wrong: { args: { source: "no reference", destination, policy } },
      hidden: {
        args: { source: { $secret: source }, destination, policy },
      },
    });
    behindGate(scene);
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("gate: nothing against 3 of 6:\n");
    expect(text).toMatch(/ later: not known yet, so not judged here/);
    expect(text).toMatch(/ several: a repository, which shows all of its own/);
    expect(text).toMatch(/ open: NOT VERIFIED: ticket 1: .*good@sha256:/);
    expect(text).toContain("gate: 3 of 6 may not come in");
    expect(text).toMatch(/ gone: could not resolve: source .*good:10/);
    expect(text).toMatch(/ wrong: .*source/);
    expect(text).toMatch(/ hidden: refused \(its arguments are secret/);
  }));

test("a gate takes the provider that the resources are given, and asks equal questions once", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const args = { source: scene.from, policy: { use: "vendors" } };
    const to = (name: string) => `${scene.destination.host}/mirror/${name}:1`;
    const places = ["eu", "us", "ap"].map((name) => [
      name,
      { args: { ...args, destination: to(name) } },
    ]);
    scene.declare(Object.fromEntries(places), {
      registries: [scene.source, scene.destination].map(({ host }) => ({
        host,
        plainHttp: true,
      })),
      credentials: [scene.source, scene.destination].map(({ host }) => ({
        registry: host,
        username: "mirror",
        password: { $secret: canary },
      })),
      policies: { vendors: scene.policy },
    });
    behindGate(scene);
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.text).toContain("gate: nothing against 3 of 3:\n");
    expect(up.calls.filter(({ method }) => method === "Invoke")).toHaveLength(
      1,
    );
    expect(scene.destination.tag("mirror/ap", "1")).toBeDefined();
  }));
