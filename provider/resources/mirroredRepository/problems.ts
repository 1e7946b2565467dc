import { repositoryOf } from "../../oci/reference";
import { MirrorError } from "../../mirror/errors";
import { remediesFor } from "../../mirror/remedies";
import { those, type Work } from "./work";

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
  const { intent } = work.turn;
  const refused =
    intent.given.onRefused === "keep" ? [] : those(work, "refused");
  const failed = those(work, "failed");
  const { obstacle } = work.pruned;
  const unpruned = [...work.pruned.failed];
  const counts = [
    refused.length > 0 && `${refused.length} refused by the policy`,
    failed.length > 0 && `${failed.length} could not be judged or copied`,
    unpruned.length > 0 && `${unpruned.length} could not be pruned`,
    obstacle && `nothing was pruned: ${obstacle.why}`,
  ].filter(Boolean);
  if (counts.length === 0) return undefined;
  const first = failed[0]?.outcome.error ?? obstacle ?? unpruned[0]?.[1];
  const isRefused = refused.length > 0;
  return new MirrorError({
    fault: isRefused ? "refused" : (first?.fault ?? "unreachable"),
    code: isRefused ? "REFUSED" : (first?.code ?? "NETWORK"),
    what: `could not mirror all of ${work.tasks.length} tags`,
    where: { side: "source", reference: repositoryOf(intent.source) },
    why: counts.join(", "),
    remedy: remedyFor(work, first),
    lines: [
      ...(isRefused ? refusalLines(work) : []),
      ...bounded(
        failed.map(({ task, outcome }) =>
          lineOf(task.tag, outcome.digest, outcome.error),
        ),
      ),
      ...unpruned.map(([tag, error]) => lineOf(tag, undefined, error)),
    ],
    cause: first,
  });
}

function remedyFor(work: Work, first: MirrorError | undefined): string {
  const { given } = work.turn.intent;
  const against = those(work, "refused").flatMap(
    ({ outcome }) => outcome.against,
  );
  if (given.onRefused === "keep" || against.length === 0)
    return first?.remedy ?? "see below";
  return [
    ...remediesFor(against),
    'what is refused can be left out (`tags.exclude`), or passed over with a warning (onRefused: "keep"); `verifyArtifact` shows all that was looked at',
  ].join("\n  ");
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
