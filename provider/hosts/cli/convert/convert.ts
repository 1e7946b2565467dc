import { readEstate } from "../../../functions/estate/read";
import { MirrorError } from "../../../mirror/errors";
import { printable } from "../../../mirror/printable";
import { misunderstood } from "../exit";
import type { Draft, DraftEntry, Format } from "./draft";
import { estateYaml, placeholder } from "./estateYaml";
import type { Mapping } from "./reading/given";
import { type Left, LeftOut, Log } from "./reading/log";
import { openPage } from "./reading/page";
import { recognise } from "./recognise";

/** An estate made of another tool's file. */
export interface Converted {
  readonly from: string;
  /** the estate file */
  readonly text: string;
  readonly artifacts: number;
  readonly repositories: number;
  /** what is not in it, or not as it was */
  readonly left: readonly Left[];
  /** what is different for every entry */
  readonly notes: readonly string[];
  /** whether it has to be told who must have signed before it is good for anything */
  readonly wantsPolicy: boolean;
}

/** How a file is converted. */
export interface How {
  readonly name: string;
  readonly from?: string | undefined;
  /** why nothing is verified */
  readonly unverified?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Every time at least one entry goes that the estate's reader does not take. */
const maxRounds = 50;

/** Converts a file of regsync, replicant or flux-mirror. What comes out has been read as an estate, entry by entry. */
export function convert(text: string, how: How): Converted {
  refuseReason(how.unverified);
  const log = new Log();
  const top = openPage(text, how.name, log);
  const format = recognise(top, how);
  const whole = named(readBy(format, top, how));
  const isGood = problemsOf(whole, true).size === 0;
  const draft = isGood ? whole : accepted(whole, log);
  const wantsPolicy =
    how.unverified === undefined &&
    entriesOf(draft).some(({ values }) => values["policy"] === undefined);
  const { left } = log;
  return {
    from: format.name,
    text: estateYaml(draft, {
      isShort: isGood || problemsOf(draft, true).size === 0,
      policy:
        how.unverified === undefined ? {} : { unverified: how.unverified },
      head: headOf(how.name, {
        from: format.name,
        left: left.length,
        wantsPolicy,
      }),
    }),
    artifacts: draft.artifacts.length,
    repositories: draft.repositories.length,
    left,
    notes: draft.notes,
    wantsPolicy,
  };
}

/** Where something outside of all entries is not as it must be, the tool itself would not begin. */
function readBy(
  format: Format,
  top: Mapping,
  { name, environment }: How,
): Draft {
  try {
    return format.read(top, environment);
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error;
    throw misunderstood({
      what: `could not convert ${name}`,
      why: error.message,
      remedy: `mend it: ${format.name} would not take it, either`,
    });
  }
}

/** What the reader of estates would refuse is refused before anything is written. */
function refuseReason(unverified: string | undefined): void {
  if (unverified === undefined) return;
  const { length } = unverified.trim();
  if (length > 0 && length <= 500) return;
  throw misunderstood({
    what: "could not understand the command line of convert",
    why: `--unverified has ${length} characters`,
    remedy: "say in 1 to 500 why nothing is verified",
  });
}

/** Names stand once in a whole estate, and are of its grammar. */
function named(draft: Draft): Draft {
  const taken = new Set<string>();
  const rename = (entry: DraftEntry): DraftEntry => {
    const plain =
      entry.name
        .replaceAll(/[^A-Za-z0-9._/-]/g, "-")
        .replace(/^[^A-Za-z0-9]+/, "")
        .slice(0, 90) || "entry";
    let name = plain;
    for (let count = 2; taken.has(name); count += 1) name = `${plain}-${count}`;
    taken.add(name);
    return { ...entry, name };
  };
  return {
    ...draft,
    artifacts: draft.artifacts.map(rename),
    repositories: draft.repositories.map(rename),
  };
}

/** The draft without the entries that the reader of estates does not take; each is named with its reason. */
function accepted(draft: Draft, log: Log): Draft {
  let rest = draft;
  for (let round = 0; round < maxRounds; round += 1) {
    const found = problemsOf(rest, false);
    if (found.size === 0) return rest;
    for (const [name, reason] of found)
      log.leaveOut(
        entryOf(rest, name, reason),
        `left out: an estate does not take it: ${reason}`,
      );
    const isKept = ({ name }: DraftEntry) => !found.has(name);
    rest = {
      ...rest,
      artifacts: rest.artifacts.filter(isKept),
      repositories: rest.repositories.filter(isKept),
    };
  }
  throw notTaken("it goes on finding something wrong");
}

/** What is wrong, by the entry's name. */
function problemsOf(
  draft: Draft,
  isShort: boolean,
): ReadonlyMap<string, string> {
  if (entriesOf(draft).length === 0) return new Map();
  const text = estateYaml(draft, { policy: placeholder, head: "", isShort });
  const read = readEstate(text, {
    floor: { policies: {}, allowUnverified: true },
  });
  if (!("problems" in read)) return new Map();
  const found = read.problems.flatMap(({ path, reason }) => {
    const [part, name = "", ...below] = path.map(String);
    const why = [below.join("."), reason].filter(Boolean).join(" ");
    if (part !== "policies") return [[name, why] as const];
    return entriesOf(draft)
      .filter(({ values }) => values["policy"] === name)
      .map((entry) => [entry.name, why] as const);
  });
  // of several, the first tells enough
  return new Map(found.toReversed());
}

function entryOf(draft: Draft, name: string, reason: string): DraftEntry {
  const entry = entriesOf(draft).find((each) => each.name === name);
  if (entry) return entry;
  throw notTaken(`${name}: ${reason}`);
}

const entriesOf = ({
  artifacts,
  repositories,
}: Draft): readonly DraftEntry[] => [...artifacts, ...repositories];

function headOf(
  name: string,
  {
    from,
    left,
    wantsPolicy,
  }: {
    readonly from: string;
    readonly left: number;
    readonly wantsPolicy: boolean;
  },
): string {
  const lines = [
    `Converted from ${name} (${from}).`,
    left > 0
      ? `${left} things were not carried over, or not as they were: npx pulumi-artifact-mirror convert ${name} --out - lists them.`
      : "Everything in it was carried over.",
    ...(wantsPolicy
      ? [
          "policies.converted is empty: say who must have signed. Until then this file is refused.",
        ]
      : []),
  ];
  return lines.map((line) => `# ${printable(line)}\n`).join("");
}

function notTaken(why: string): MirrorError {
  return new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: "could not convert the file",
    why: `what would be written is no estate: ${why}`,
    remedy: "this is a fault of the command: report it with the file",
  });
}
