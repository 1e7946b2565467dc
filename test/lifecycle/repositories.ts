import { emptyConfig, manifest } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import type { KeySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import type { Report } from "../engine/report";
import type { TestRegistry } from "../registry/registry";
import type { Declared, Scene } from "./scene";

/** The one layer of every tiny artifact. */
const layer = {
  mediaType: "text/plain",
  bytes: Buffer.from("the same in all"),
};

/** How tags are published. */
export interface PublishOptions {
  /** what the tags name differs with it: another seed moves the tags (default `one`) */
  readonly seed?: string;
  /** default true */
  readonly signed?: boolean;
  /** default the scene's */
  readonly signer?: KeySigner;
  /** default the scene's source */
  readonly registry?: TestRegistry;
  /** default `acme/app`, the scene's source repository */
  readonly repository?: string;
}

/** Puts a tiny artifact under each tag, and signs it unless told otherwise; past HTTP, so that thousands take seconds. Answers tag → digest. */
export async function publishTags(
  scene: Scene,
  tags: readonly string[],
  options: PublishOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const { seed = "one", signed = true, signer = scene.signer } = options;
  const { registry = scene.source, repository = "acme/app" } = options;
  const target = inRegistry(registry, repository);
  const digests: Record<string, string> = {};
  for (const tag of tags) {
    const annotations = { seed: `${seed}/${tag}` };
    const made = { config: emptyConfig, layers: [layer], annotations };
    const subject = await put(target, manifest(made), tag);
    digests[tag] = subject.digest;
    if (!signed) continue;
    const layers = [await signatureLayer(subject, signer)];
    await attachLegacy(target, subject, { suffix: "sig", layers });
  }
  return digests;
}

/** A mirror of the scene's source repository, `acme/app`, at `mirror/app`, with these members beside source, destination and policy. */
export function repositoryOf(
  scene: Scene,
  more: Readonly<Record<string, unknown>>,
  options: Declared["options"] = {},
): Declared {
  const source = `${scene.source.host}/acme/app`;
  const destination = `${scene.destination.host}/mirror/app`;
  const args = { source, destination, policy: scene.policy, ...more };
  return { type: "MirroredRepository", args, options };
}

/** Tag → digest as the destination has them, evidence's own tags left out. */
export function mirroredTags(
  scene: Scene,
  repository = "mirror/app",
): Readonly<Record<string, string>> {
  const { destination } = scene;
  return Object.fromEntries(
    destination
      .tags(repository)
      .filter((tag) => !/^sha256-[0-9a-f]{64}/.test(tag))
      .map((tag) => [tag, destination.tag(repository, tag) ?? ""]),
  );
}

/** The report of a run that must succeed; what it printed is the error otherwise. */
export async function must(running: Promise<Report>): Promise<Report> {
  const report = await running;
  if (report.exitCode === 0) return report;
  throw new Error(
    `exit code ${report.exitCode}:\n${report.text.slice(0, 8000)}`,
  );
}
