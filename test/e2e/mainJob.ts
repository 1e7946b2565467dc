import { scopesAsked, writes } from "../registry/recorder";
import { inCliScene, must, type CliScene } from "./cliScene";

const preview = ["preview", "--diff"] as const;
const up = ["up", "--yes", "--skip-preview"] as const;

/** The main job, its refusals, and what others do to the destination. */
export function mainJob(cli: string): void {
  test("pulumi preview of a new artifact says what would come in and who signed it, and writes nothing", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app();
      const { text } = await must(scene.pulumi("preview"));
      expect(text).toContain(
        `${scene.from}@${digest}: signed by key ${scene.signer.keyId} [signedBy[0].key]; would copy 4 blobs`,
      );
      expect(text).toMatch(
        /\+ +artifact-mirror:index:MirroredArtifact app create/,
      );
      expect(text).toContain(`${scene.destination.host}/mirror/app@${digest}`);
      expectNoWrites(scene);
    }));

  test("pulumi up lets it in, the second preview has no changes, and a tag that moved shows ~ digest: old => new", () =>
    inCliScene(cli, {}, async (scene) => {
      const first = await scene.publish("one");
      scene.app();
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(first.digest);
      await must(scene.pulumi(...preview, "--expect-no-changes"));
      const second = await scene.publish("two");
      const { text } = await must(scene.pulumi(...preview));
      expect(text).toContain(
        `~ digest: "${first.digest}" => "${second.digest}"`,
      );
      expect(text).toContain(`${second.digest}: signed by key`);
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(second.digest);
    }));

  test("an unsigned artifact turns preview and up red, both say why, and nothing is written", () =>
    inCliScene(cli, {}, async (scene) => {
      const admitted = await scene.publish("one");
      scene.app();
      await must(scene.pulumi(...up));
      const { digest } = await scene.publish("two", { signed: false });
      for (const command of [preview, up]) {
        reset(scene);
        const { exitCode, text } = await scene.pulumi(...command);
        expect(exitCode).not.toBe(0);
        expect(text).toContain(
          `refused by policy: source ${scene.from}@${digest}: signedBy NO_EVIDENCE`,
        );
        expect(text).toContain("ask the publisher to sign this digest");
        expect(writes(scene.destination.requests)).toEqual([]);
      }
      expect(scene.destination.tag("mirror/app", "1")).toBe(admitted.digest);
      expect(scene.resource("app")?.outputs).toMatchObject(
        admittedAs(admitted),
      );
    }));

  test("a destination tag that somebody deleted is drift in preview, and up mends it", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      scene.app();
      await must(scene.pulumi(...up));
      scene.destination.deleteTag("mirror/app", "1");
      const { text } = await must(scene.pulumi(...preview));
      expect(text).toContain(
        "+ artifact-mirror:index:MirroredArtifact: (create)",
      );
      expect(text).toContain("would copy nothing");
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));

  test("pulumi refresh takes up a destination tag that somebody moved, up moves it back, and destroy keeps the copy", () =>
    inCliScene(cli, {}, async (scene) => {
      const { digest } = await scene.publish("one");
      const other = await scene.publish("two", { tag: "2" });
      scene.app();
      await must(scene.pulumi(...up));
      moveTag(scene, other.digest);
      await must(scene.pulumi("refresh", "--yes", "--skip-preview"));
      expect(scene.resource("app")?.outputs).toMatchObject(admittedAs(other));
      const { text } = await must(scene.pulumi(...preview));
      expect(text).toMatch(`"${other.digest}" => "${digest}"`);
      await must(scene.pulumi(...up));
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
      const destroyed = await must(
        scene.pulumi("destroy", "--yes", "--skip-preview"),
      );
      expect(destroyed.text).toContain(`${scene.to}: kept (onDelete: "keep")`);
      expect(scene.resource("app")).toBeUndefined();
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    }));
}

const admittedAs = ({ digest }: { readonly digest: string }) => ({ digest });

function reset({ source, destination }: CliScene): void {
  source.resetRequests();
  destination.resetRequests();
}

function expectNoWrites({ source, destination }: CliScene): void {
  const requests = [...source.requests, ...destination.requests];
  expect(writes(requests)).toEqual([]);
  for (const scope of scopesAsked(requests)) expect(scope).toMatch(/:pull$/);
}

/** Another writer puts another image under our tag. */
function moveTag({ source, destination }: CliScene, digest: string): void {
  const moved = source.manifest("acme/app", digest);
  if (moved === undefined) throw new Error(`${digest} is not at the source`);
  destination.putManifest("mirror/app", moved);
  destination.setTag("mirror/app", "1", digest);
}
