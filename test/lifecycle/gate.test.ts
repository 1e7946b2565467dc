import { declareMany } from "./many";
import { behindGate, declareBad, unsigned } from "./gated";
import { inScene } from "./scene";
import { canary } from "./witness";

jest.setTimeout(180_000); // many runs a test

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
      expect(run.text.match(/wanted: signedBy\[0\]\.key/g)).toHaveLength(20);
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
