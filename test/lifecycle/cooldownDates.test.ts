import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import type { Sample } from "../samples/target";
import { candidateIn, inTime, mirrored, moved } from "./cooled";
import type { Scene } from "./scene";

jest.setTimeout(180_000); // many runs a test

const created = { minAge: { duration: "72h", by: "created" } };
const proven = { minAge: { duration: "72h", by: "signature" } };
const hourMs = 3_600_000;
const hoursAgo = (hours: number) =>
  new Date(Date.now() - hours * hourMs).toISOString();

/** An image that says when it was made. */
const madeAt = (seed: string, text: string | undefined): Sample =>
  image({
    seed,
    ...(text !== undefined && {
      annotations: { "org.opencontainers.image.created": text },
    }),
  });

test.each([
  [
    "an hour ago",
    hoursAgo(1),
    /too young: source .*: created 20.*; it may come in on 20.*by created/,
  ],
  [
    "tomorrow",
    hoursAgo(-24),
    /its date is 20.*, in the future by this machine's clock/,
  ],
  [
    "in 1970",
    "1970-01-01T00:00:00Z",
    /stands for no date in reproducible builds/,
  ],
  ["never", undefined, /it has no org\.opencontainers\.image\.created/],
])(
  "a new artifact that was made %s is refused by created, in preview and in up",
  (_, date, says) =>
    inTime(async (scene) => {
      await scene.publish("one", { sample: madeAt("one", date) });
      scene.app(created);
      for (const run of [
        await scene.engine.preview(),
        await scene.engine.up(),
      ]) {
        expect(run.exitCode).toBe(1);
        expect(run.text).toMatch(says);
      }
      expect(mirrored(scene)).toBeUndefined();
    }),
);

const sampled = (date: string | undefined) => ({
  args: created,
  samples: [madeAt("one", hoursAgo(100)), madeAt("two", date)] as const,
});

test("what was made long ago comes in at once, and what it was replaced by waits by its own date, which is asked once", () =>
  inTime(async (scene, clock) => {
    const { old, next } = await moved(scene, sampled(hoursAgo(1)));
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(candidateIn(scene)).toMatchObject({ digest: next, by: "created" });
    const asked = scene.source.requests.length;
    const preview = await scene.engine.preview({ expectNoChanges: true });
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toMatch(/created 20.*it may come in on 20/);
    const again = scene.source.requests.slice(asked);
    expect(again.filter(({ path }) => path.includes(next))).toEqual([]);
    expect(mirrored(scene)).toBe(old);
    clock.move("72h");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(next);
  }));

test("what is not dated never replaces what is mirrored: that is warned of, and nothing fails", () =>
  inTime(async (scene) => {
    const { old } = await moved(scene, sampled(undefined));
    for (const run of [await scene.engine.preview(), await scene.engine.up()]) {
      expect(run.exitCode).toBe(0);
      expect(run.text).toMatch(
        /warning: .*not taken yet: its age by created is not known: .*it has no org/,
      );
    }
    expect(mirrored(scene)).toBe(old);
  }));

/** Signatures that a log has seen at its world's time. */
async function logged(scene: Scene) {
  const world = await createSigstoreWorld();
  const { publicKeyPem: publicKey } = scene.signer;
  const trustedRoots = [world.trustedRoot];
  const policy = { signedBy: [{ key: { publicKey, trustedRoots } }] };
  const publish = async (seed: string) => {
    const descriptor = await scene.publish(seed, { signed: false });
    return {
      digest: descriptor.digest,
      sign: async () => {
        const how = { log: world };
        const layers = [await signatureLayer(descriptor, scene.signer, how)];
        await attachLegacy(scene.vendor, descriptor, { suffix: "sig", layers });
      },
    };
  };
  return { policy, publish };
}

test("by signature it counts from what the log proves: new and too young is refused, unsigned is held, and both come in by their date", () =>
  inTime(async (scene, clock) => {
    const { policy, publish } = await logged(scene);
    const one = await publish("one");
    await one.sign();
    scene.app({ ...proven, policy });
    const young = await scene.engine.preview();
    expect(young.exitCode).toBe(1);
    expect(young.text).toMatch(
      /too young: source .*: its signature is proven since 20/,
    );
    clock.move("73h");
    expect((await scene.engine.up()).exitCode).toBe(0);
    const two = await publish("two");
    const unsigned = await scene.engine.preview({ expectNoChanges: true });
    expect(unsigned.exitCode).toBe(0);
    expect(unsigned.text).toMatch(
      /warning: .*its age by signature is not known: refused by policy: source .*NO_EVIDENCE/,
    );
    await two.sign();
    clock.move("71h");
    const waits = await scene.engine.up({ expectNoChanges: true });
    expect(waits.exitCode).toBe(0);
    expect(candidateIn(scene)).toMatchObject({ by: "signature" });
    expect(mirrored(scene)).toBe(one.digest);
    clock.move("73h");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirrored(scene)).toBe(two.digest);
  }));

test("a signature whose time nobody proves is refused by signature, and a policy that verifies nothing is an error at its property", () =>
  inTime(async (scene) => {
    await scene.publish("one");
    scene.app(proven);
    const unproven = await scene.engine.preview();
    expect(unproven.exitCode).toBe(1);
    expect(unproven.text).toContain(
      "nothing that satisfied the policy has a proven time",
    );
    scene.app({ ...proven, policy: { unverified: "ticket 1" } });
    const nothing = await scene.engine.preview();
    expect(nothing.exitCode).toBe(1);
    expect(nothing.text).toMatch(
      /minAge\.by.*`signature` goes by what satisfied/,
    );
  }));
