import { MirrorError } from "../../provider/mirror/errors";
import { sha256, type Sample } from "../samples/target";
import { flawsBelow, heldBy } from "../sweep/invariants";
import { lineOf, type Entry } from "./journal";
import { destinationName, type Outcome, type Stage } from "./stage";

const longestMs = 60 * 60 * 1000;

/** What is wrong after a run, whatever went wrong in it; empty where every promise was kept. */
export function broken(stage: Stage, outcome: Outcome): readonly string[] {
  return [
    ...brokenTags(stage),
    ...(outcome.error === undefined
      ? brokenSuccess(stage, outcome)
      : brokenFailure(stage, outcome.error)),
    ...leaks(stage),
    ...(outcome.tookMs > longestMs ? [`it took ${outcome.tookMs} ms`] : []),
  ];
}

/** Secrets that came where they do not belong. */
function leaks({ from, to, actors }: Stage): readonly string[] {
  return [from.proxy, to.proxy, ...actors]
    .flatMap(({ journal }) => journal)
    .flatMap((entry) =>
      entry.strays.map((stray) => `${stray} was seen at ${entry.origin}`),
    );
}

/** I1, I2: a tag names what was verified, and everything below it is there. */
function brokenTags(stage: Stage): readonly string[] {
  const held = heldBy(stage.to.registry, destinationName);
  return [...held.tags].flatMap(([tag, digest]) => {
    const isRight = tag !== "1" || digest === stage.artifact.descriptor.digest;
    return [
      ...(isRight ? [] : [`tag ${tag} names ${digest}`]),
      ...flawsBelow(held, digest).map((flaw) => `tag ${tag}: ${flaw}`),
    ];
  });
}

function brokenSuccess(
  stage: Stage,
  { openBefore }: Outcome,
): readonly string[] {
  const { registry } = stage.to;
  const { artifact, signature } = stage;
  const isTagged =
    registry.tag(destinationName, "1") === artifact.descriptor.digest;
  const held = heldBy(registry, destinationName);
  return [
    ...(isTagged ? [] : ["it says that it is done, and the tag is not there"]),
    ...flawsBelow(held, signature.descriptor.digest).map(
      (flaw) => `the signature: ${flaw}`,
    ),
    ...registry
      .openUploads()
      .filter((id) => !openBefore.includes(id))
      .map((id) => `upload ${id} is still open`),
  ];
}

function brokenFailure(stage: Stage, error: unknown): readonly string[] {
  if (!(error instanceof MirrorError)) return [`it threw ${String(error)}`];
  const hosts = [stage.from.proxy.host, stage.to.proxy.host];
  const isPlaced = hosts.some((host) => error.message.includes(host));
  return [
    ...(isPlaced ? [] : [`no host in: ${error.message}`]),
    ...(error.remedy === "" ? [`no next step in: ${error.message}`] : []),
    ...(stage.canaries.isIn(error.message)
      ? [`a secret in: ${error.message}`]
      : []),
  ];
}

function isStored(stage: Stage, digest: string): boolean {
  const bytes = stage.to.registry.blob(destinationName, digest);
  return bytes !== undefined && sha256(bytes) === digest;
}

/** What a rerun has to bring: everything of the sample that the destination lacks now. */
function missing(stage: Stage): ReadonlySet<string> {
  const { registry } = stage.to;
  const all = [stage.artifact, stage.signature].flatMap(samplesOf);
  return new Set([
    ...all
      .map(({ descriptor }) => descriptor.digest)
      .filter((one) => !registry.manifest(destinationName, one)),
    ...all
      .flatMap(({ blobs }) => blobs.map(sha256))
      .filter((one) => !isStored(stage, one)),
  ]);
}

function samplesOf(sample: Sample): readonly Sample[] {
  return [sample, ...sample.children.flatMap(samplesOf)];
}

/** Digests of what was sent to the destination, each as often as its bytes were; a manifest may be a question, where something is missing. */
function written(
  journal: readonly Entry[],
  mayAsk: boolean,
): readonly string[] {
  return journal
    .filter(({ method, status }) => method !== "GET" && status === 201)
    .filter(({ requestBytes }) => requestBytes > 0)
    .filter(({ kind }) => kind === "upload" || !mayAsk)
    .map(({ path, query }) => {
      const blob = new URLSearchParams(query).get("digest");
      return blob ?? path.slice(path.lastIndexOf("/") + 1);
    });
}

/** Whoever was hung up on may not have noticed yet: waits until nobody works, and nothing more comes in. */
async function settled({ from, to }: Stage): Promise<void> {
  const proxies = [from.proxy, to.proxy];
  for (let seen = -1, turns = 0; turns < 10; turns += 1) {
    await new Promise(setImmediate);
    const now = proxies.reduce((sum, one) => sum + one.journal.length, 0);
    const isBusy = proxies.some((one) => one.inHand() > 0);
    if (isBusy || now !== seen) turns = 0;
    seen = now;
  }
}

/** Runs again without faults, and says what is wrong with that: it must succeed, and bring only what is missing. */
export async function brokenRerun(stage: Stage): Promise<readonly string[]> {
  await settled(stage);
  for (const { proxy } of [stage.from, stage.to]) {
    proxy.behave();
    proxy.resetJournal();
  }
  const wanted = missing(stage);
  const outcome = await stage.up();
  if (outcome.error !== undefined) {
    return [`the next run failed: ${String(outcome.error)}`];
  }
  const sent = written(stage.to.proxy.journal, wanted.size > 0).filter((one) =>
    one.startsWith("sha256:"),
  );
  const complaints = [
    ...broken(stage, outcome),
    ...sent
      .filter((one) => !wanted.has(one))
      .map((one) => `the next run sent ${one}, which was there`),
    ...sent
      .filter((one, at) => sent.indexOf(one) !== at)
      .map((one) => `the next run sent ${one} twice`),
  ];
  return complaints.length === 0
    ? []
    : [...complaints, `the next run: ${storyOf(stage, outcome)}`];
}

/** `copied`, or the code of the refusal. */
export function endOf({ error }: Outcome): string {
  if (error === undefined) return "copied";
  return error instanceof MirrorError ? error.code : String(error);
}

/** What was told and asked, for a person. */
export function storyOf(stage: Stage, { error }: Outcome): string {
  const entries = [...stage.from.proxy.journal, ...stage.to.proxy.journal];
  const lines = [...entries].sort((a, b) => a.at - b.at).map(lineOf);
  return [String(error ?? "copied"), ...lines].join("\n");
}
