import { keySigner } from "../samples/signers";
import { inCliScene, must, type CliScene } from "./cliScene";

const up = ["up", "--yes", "--skip-preview"] as const;

/** What a program asks, and gets no resource for. */
export function functions(cli: string): void {
  test("verifyArtifact answers in preview and in up, with the credentials of the stack", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      ask(scene, {});
      const preview = await must(scene.pulumi("preview"));
      expect(preview.text).toContain('"verified"');
      await must(scene.pulumi(...up));
      expect(await answer(scene)).toMatchObject({
        digest,
        outcome: "verified",
        report: { requirements: [{ name: "signedBy", code: "OK" }] },
      });
    }));

  test("a refusal is an answer; with enforce it fails the preview, and its words reach the user", () =>
    inCliScene(cli, {}, async (scene) => {
      await scene.publish("one");
      const { publicKeyPem: publicKey } = keySigner();
      const policy = {
        signedBy: [{ key: { publicKey, tlog: "not-required" } }],
      };
      ask(scene, { policy });
      await must(scene.pulumi(...up));
      expect(await answer(scene)).toMatchObject({ outcome: "refused" });
      for (const direct of [true, false]) {
        ask(scene, { policy, enforce: true }, direct);
        const { exitCode, text } = await scene.pulumi("preview");
        expect(exitCode).not.toBe(0);
        expect(text).toContain("refused by policy");
        expect(text).toContain("signedBy");
      }
    }));

  test("an argument that is wrong is named", () =>
    inCliScene(cli, {}, async (scene) => {
      await scene.publish("one");
      ask(scene, { digest: "sha256:1" });
      const { exitCode, text } = await scene.pulumi("preview");
      expect(exitCode).not.toBe(0);
      expect(text).toMatch(/is not a digest.*\(digest\)/);
    }));

  test("what preview does not know makes the answer unknown; up asks", () =>
    inCliScene(cli, {}, async (scene) => {
      await scene.publish("one");
      const { from: source, to: destination, policy } = scene;
      const copy = { $of: "app", output: "ref" };
      scene.declare(
        { app: { args: { source, destination, policy } } },
        undefined,
        { it: { args: { source: copy, policy } } },
      );
      await must(scene.pulumi("preview"));
      await must(scene.pulumi(...up));
      expect(await answer(scene)).toMatchObject({ outcome: "verified" });
    }));
}

function ask(
  scene: CliScene,
  args: Readonly<Record<string, unknown>>,
  direct = false,
): void {
  const { from: source, policy } = scene;
  scene.declare({}, undefined, {
    it: { args: { source, policy, ...args }, direct },
  });
}

async function answer({ pulumi }: CliScene): Promise<unknown> {
  const { text } = await must(pulumi("stack", "output", "--json"));
  return JSON.parse(text).itAnswer;
}
