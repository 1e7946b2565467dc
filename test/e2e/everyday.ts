import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { put } from "../samples/target";
import { canary } from "../lifecycle/witness";
import { inCliScene, must, type CliScene } from "./cliScene";

const type = "artifact-mirror:index:MirroredArtifact";
const up = ["up", "--yes", "--skip-preview"] as const;

/** Import, freezing, targets, plans, secrets and Ctrl-C. */
export function everyday(cli: string): void {
  test("pulumi import takes SOURCE,DESTINATION, and the first preview shows the policy and judges", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await copied(scene);
      const id = `${scene.from},${scene.to}`;
      scene.app();
      await must(scene.pulumi("import", type, "app", id, ...importFlags));
      expect(scene.resource("app")).toMatchObject({
        id: scene.to,
        outputs: { digest, source: scene.from },
      });
      const { text } = await must(scene.pulumi("preview", "--diff"));
      expect(text).toContain("+ policy");
      expect(text).toContain(`signed by key ${scene.signer.keyId}`);
      await must(scene.pulumi(...up));
      await must(scene.pulumi("preview", "--expect-no-changes"));
    }));

  test("the import option takes over what is there in one up, and uploads nothing of the artifact", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await copied(scene);
      scene.app({}, { import: `${scene.from},${scene.to}` });
      await must(scene.pulumi(...up));
      expect(scene.resource("app")?.outputs).toMatchObject({
        digest,
        verification: { outcome: "verified" },
      });
    }));

  test("ignoreChanges of digest freezes what is there while the source's tag moves", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app({}, { ignoreChanges: ["digest"] });
      await must(scene.pulumi(...up));
      await scene.publish("two");
      await must(scene.pulumi("preview", "--expect-no-changes"));
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));

  test("--target brings one artifact and leaves the other alone", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      const named = (name: string) => ({
        args: {
          source: scene.from,
          destination: `${scene.destination.host}/mirror/${name}:1`,
          policy: scene.policy,
        },
      });
      scene.declare({ one: named("one"), two: named("two") });
      const urn = `urn:pulumi:dev::project::${type}::one`;
      await must(scene.pulumi(...up, "--target", urn));
      expect(scene.destination.tag("mirror/one", "1")).toBe(digest);
      expect(scene.destination.tag("mirror/two", "1")).toBeUndefined();
    }));

  test("an update plan refuses a tag that moved after the review", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app();
      await must(scene.pulumi(...up));
      await scene.publish("two");
      await must(scene.pulumi("preview", "--save-plan", "plan.json"));
      await scene.publish("three");
      const { exitCode, text } = await scene.pulumi(
        ...up,
        "--plan",
        "plan.json",
      );
      expect(exitCode).not.toBe(0);
      expect(text).toContain("violates plan");
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));

  test("a secret input and the credentials are neither printed nor in the state file in clear", () =>
    inCliScene(cli, {}, async (scene) => {
      await scene.publish("one");
      const reason = "because-canary-7f3a";
      scene.app({ policy: { unverified: { $secret: reason } } });
      const ran = [
        await must(scene.pulumi("preview", "--diff")),
        await must(scene.pulumi(...up)),
        await must(scene.pulumi("stack", "output", "--json")),
      ];
      const traces = [...ran.map(({ text }) => text), scene.stateText()];
      for (const trace of traces) {
        expect(trace).not.toContain(reason);
        expect(trace).not.toContain(canary);
      }
    }));

  test("Ctrl-C stops a copy soon, leaves no tag, and the next up finishes", () =>
    inCliScene(cli, {}, async (scene) => {
      const size = 4 * 1024 * 1024;
      const sample = image({ seed: "large", layers: [size, size, 1000] });
      const { digest } = await scene.publish("large", { sample });
      scene.app();
      scene.source.misbehave({
        method: "GET",
        path: /blobs/,
        action: { throttle: 256 * 1024 },
      });
      const running = scene.begin(...up);
      await Promise.race([firstUpload(scene), running.outcome]);
      const from = performance.now();
      running.interrupt();
      const { exitCode, text } = await running.outcome;
      expect(performance.now() - from).toBeLessThan(2_000);
      expect(exitCode).not.toBe(0);
      expect(text).not.toMatch(/panic|unexpected/);
      expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
      expect(scene.destination.openUploads()).toEqual([]);
      scene.source.behave();
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));
}

const importFlags = ["--yes", "--generate-code=false", "--protect=false"];

/** The artifact is at both sides already, copied by somebody else. */
async function copied(scene: CliScene): Promise<{ readonly digest: string }> {
  const descriptor = await scene.publish("one");
  await put(scene.mirror, image({ seed: "one" }), "1");
  return descriptor;
}

async function firstUpload({ destination }: CliScene): Promise<void> {
  while (!writes(destination.requests).some(({ kind }) => kind === "upload"))
    await new Promise((resolve) => setTimeout(resolve, 20));
}
