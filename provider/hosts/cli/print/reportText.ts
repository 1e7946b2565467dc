import type { z } from "zod";
import { outputs } from "../../../functions/verifyArtifactShape";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { signerText } from "../../../mirror/refusal";
import { exit, type ExitCode } from "../exit";
import { paintFor, type Paint } from "./paint";
import { table, type Cell } from "./table";
import type { Terminal } from "../terminal";

type Answer = z.infer<typeof outputs>;
type Outcome = Answer["outcome"];
type Requirement = Answer["report"]["requirements"][number];

const codes: Readonly<Record<Outcome, ExitCode>> = {
  verified: exit.done,
  unverified: exit.done,
  refused: exit.refused,
  inconclusive: exit.inconclusive,
};

/** What a judgement means to whoever runs the command. */
export function exitFor(values: Values): ExitCode {
  return codes[outputs.parse(values).outcome];
}

/** A report as a person reads it: the outcome, each requirement's answer and by whom, then why not and what to do. */
export function reportText(values: Values, terminal: Terminal): string {
  const { ref, outcome, report, message } = outputs.parse(values);
  const paint = paintFor(terminal);
  const colour = colourOf(outcome, paint);
  const isTold = message !== undefined;
  const rows = report.requirements.flatMap((one) => rowsOf(one, paint, isTold));
  const reason =
    report.reason === undefined ? "" : `: ${printable(report.reason, 500)}`;
  return [
    paint.bold(printable(ref)),
    `${colour(outcome)}${reason}`,
    ...(rows.length > 0 ? ["", indented(table(rows))] : []),
    ...(report.validUntil === undefined
      ? []
      : ["", `holds until ${report.validUntil}`]),
    ...(message === undefined ? [] : ["", whyNot(message)]),
  ].join("\n");
}

function colourOf(outcome: Outcome, { green, red, yellow }: Paint) {
  if (outcome === "verified") return green;
  return outcome === "refused" ? red : yellow;
}

/** Why not is said once: by the refusal, where there is one. */
function rowsOf(
  { name, outcome, code, reason, signers, notes = [] }: Requirement,
  { green, red, yellow, dim }: Paint,
  isTold: boolean,
): Cell[][] {
  const isPassed = outcome === "passed";
  const word = isPassed ? "yes" : outcome === "failed" ? "no" : "unsure";
  const paint = isPassed ? green : outcome === "failed" ? red : yellow;
  const said = isPassed
    ? signers.map(signedBy)
    : [isTold ? code : [reason, code].filter(Boolean).join(", ")];
  const [first = "", ...others] = said;
  return [
    [{ text: word, paint }, { text: name }, { text: first }],
    ...[...others, ...notes].map((text) => [
      { text: "" },
      { text: "" },
      { text, paint: dim },
    ]),
  ];
}

function signedBy(one: Requirement["signers"][number]): string {
  const since = one.time && `since ${one.time} (${one.timeSource ?? "said"})`;
  const facts = [
    signerText(one),
    one.predicateType,
    since,
    one.format,
    one.evidence,
  ];
  return facts.filter(Boolean).join(", ");
}

/** Our own words of several lines; every one of them was made safe where it was made. */
function whyNot(message: string): string {
  return indented(
    message
      .split("\n")
      .map((line) => printable(line))
      .join("\n"),
  );
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
