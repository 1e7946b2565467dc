import { MirrorError } from "../../../mirror/errors";
import type { EvidenceManifest, Looked, Verdict } from "../../../mirror/ports";
import { textOf } from "../../../mirror/textOf";
import type { Digest } from "../../../oci/digest";
import { lookedAt } from "../look";
import { PluginFailure } from "./failure";
import type { Plugin } from "./plugin";
import { typeOf } from "./referrer";
import { shown } from "./shown";

/** What somebody said about one referrer. */
export interface Finding {
  readonly outcome: Verdict["outcome"];
  readonly referrer: EvidenceManifest;
  /** who said it: `plugins[0]`, `signedBy[0].key` */
  readonly authority: string;
  readonly code: string;
  readonly reason: string;
}

const mostNotes = 20;

/** Nobody said anything. */
export function noFinding(
  { name }: Plugin,
  referrer: EvidenceManifest,
): Finding {
  return {
    outcome: "failed",
    referrer,
    authority: name,
    code: "PLUGIN_NO_EVIDENCE",
    reason: `nobody in this policy judges ${typeOf(referrer)}`,
  };
}

/** What was thrown: a plugin's failure, a place that was not to be asked, or what nobody expected; never a pass. */
export function failureOf(
  thrown: unknown,
): Pick<Finding, "outcome" | "code" | "reason"> {
  const reason = textOf(thrown);
  if (thrown instanceof PluginFailure) {
    const { code, isInconclusive } = thrown;
    return {
      outcome: isInconclusive ? "inconclusive" : "failed",
      code,
      reason,
    };
  }
  const isUnasked =
    thrown instanceof MirrorError &&
    (thrown.fault === "unreachable" || thrown.fault === "denied");
  return isUnasked
    ? { outcome: "inconclusive", code: thrown.code, reason }
    : {
        outcome: "failed",
        code: thrown instanceof MirrorError ? thrown.code : "PLUGIN_ERROR",
        reason,
      };
}

/** Whose answer it is. */
interface Answering {
  readonly plugin: Plugin;
  readonly blocks: boolean;
}

/** The answer where nobody could be asked anything. */
export function unfound(
  { plugin, blocks }: Answering,
  why: Pick<Verdict, "code" | "reason">,
): Verdict {
  return {
    outcome: "failed",
    requirement: plugin.name,
    blocks,
    satisfiedBy: [],
    reliedOn: [],
    looked: [],
    ...why,
  };
}

/** All findings as one answer: a no before what could not be asked. */
export function verdictOf(
  { plugin, blocks }: Answering,
  found: readonly Finding[],
): Verdict {
  const against = found.filter(({ outcome }) => outcome !== "passed");
  const failed = against.find(({ outcome }) => outcome === "failed");
  const first = failed ?? against[0];
  const base = {
    requirement: plugin.name,
    blocks,
    satisfiedBy: [],
    looked: lookedAt(against.map(lookedOf)),
    notes: found
      .filter(({ outcome }) => outcome === "passed")
      .slice(0, mostNotes)
      .map((one) => noteOf(plugin, one)),
  };
  if (first) {
    const { outcome, code, reason } = first;
    return {
      ...base,
      outcome,
      code,
      reason: `${plugin.title}: ${shown(reason)}`,
      reliedOn: [],
    };
  }
  const reliedOn = new Set(found.map(digestOf));
  return {
    ...base,
    outcome: "passed",
    code: "OK",
    reason: "",
    reliedOn: [...reliedOn],
  };
}

function noteOf(plugin: Plugin, finding: Finding): string {
  const { authority, reason } = finding;
  const who = authority === plugin.name ? plugin.title : authority;
  return `${who} passed on ${digestOf(finding)}: ${shown(reason)}`;
}

function lookedOf({ referrer, authority, code, reason }: Finding): Looked {
  return {
    evidence: referrer.node.descriptor.digest,
    format: typeOf(referrer),
    authority,
    code,
    reason: shown(reason),
  };
}

function digestOf({ referrer }: Finding): Digest {
  return referrer.node.descriptor.digest;
}
