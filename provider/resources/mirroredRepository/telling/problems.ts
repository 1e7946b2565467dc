import { repositoryOf } from "../../../oci/reference";
import { MirrorError } from "../../../mirror/errors";
import { remediesFor } from "../../../mirror/remedies";
import { plural } from "../../mirroring/words";
import { those, type Work } from "../working/work";

/** More than this nobody reads, and no wire carries gladly. */
const maxLines = 5000;

/** Every refused tag: its name, digest, code and reason. */
export function refusalLines(work: Work): readonly string[] {
  const lines = those(work, "refused").map(({ task, outcome }) => {
    const { digest, code, reason } = outcome.refusal;
    return `${task.tag}@${digest}: ${code}: ${reason}`;
  });
  return bounded(lines);
}

/** What keeps the call from being a success, in one error that names every tag; `undefined` where nothing does. */
export function problemOf(work: Work): MirrorError | undefined {
  const { given, source } = work.turn.intent;
  const counts = countsOf(work);
  if (counts.length === 0) return undefined;
  const isRefused =
    given.onRefused !== "keep" && those(work, "refused").length > 0;
  const [cause] = errorsOf(work);
  const { fault, code } = isRefused || !cause ? policyNo : cause;
  return new MirrorError({
    fault,
    code,
    what: `could not mirror all of ${plural(work.tasks.length, "tag")}`,
    where: { side: "source", reference: repositoryOf(source) },
    why: counts.join(", "),
    remedy: remedyFor(work, cause),
    lines: [...(isRefused ? refusalLines(work) : []), ...failureLines(work)],
    cause,
  });
}

const policyNo = { fault: "refused", code: "REFUSED" } as const;

function countsOf(work: Work): readonly string[] {
  const { obstacle, failed: unpruned } = work.pruned;
  const isKept = work.turn.intent.given.onRefused === "keep";
  const refused = isKept ? 0 : those(work, "refused").length;
  const failed = those(work, "failed").length;
  return [
    ...(refused > 0 ? [`${refused} refused by the policy`] : []),
    ...(failed > 0 ? [`${failed} could not be judged or copied`] : []),
    ...(unpruned.size > 0 ? [`${unpruned.size} could not be pruned`] : []),
    ...(obstacle ? [`nothing was pruned: ${obstacle.why}`] : []),
  ];
}

function errorsOf(work: Work): readonly MirrorError[] {
  const { obstacle, failed } = work.pruned;
  return [
    ...those(work, "failed").map(({ outcome }) => outcome.error),
    ...(obstacle ? [obstacle] : []),
    ...failed.values(),
  ];
}

/** Every tag that could not be asked for, copied or removed. */
function failureLines(work: Work): readonly string[] {
  const failed = those(work, "failed").map(({ task, outcome }) =>
    lineOf(task.tag, outcome.digest, outcome.error),
  );
  const unpruned = [...work.pruned.failed].map(([tag, error]) =>
    lineOf(tag, undefined, error),
  );
  return bounded([...failed, ...unpruned]);
}

function remedyFor(work: Work, first: MirrorError | undefined): string {
  const { given } = work.turn.intent;
  const against = those(work, "refused").flatMap(
    ({ outcome }) => outcome.against,
  );
  if (given.onRefused === "keep" || against.length === 0)
    return isSaidBelow(work) ? "see below" : (first?.remedy ?? "see below");
  return [
    ...remediesFor(against).map((remedy) => `each: ${remedy}`),
    'what is refused can be left out (`tags.exclude`), or passed over with a warning (onRefused: "keep"); `verifyArtifact` shows all that was looked at',
  ].join("\n  ");
}

/** Each tag's line ends with what to do about it. */
function isSaidBelow(work: Work): boolean {
  const { obstacle, failed } = work.pruned;
  return !obstacle && those(work, "failed").length + failed.size > 0;
}

/** An error's own words about one tag, which is named already. */
function lineOf(
  tag: string,
  digest: string | undefined,
  { message }: MirrorError,
): string {
  const name = digest === undefined ? tag : `${tag}@${digest}`;
  return `${name}: ${message.split("\n").join(" ")}`;
}

function bounded(lines: readonly string[]): readonly string[] {
  const more = lines.length - maxLines;
  return more > 0 ? [...lines.slice(0, maxLines), `… and ${more} more`] : lines;
}
