import type { Reach } from "../../mirror/ports";
import { textOf } from "../../mirror/textOf";
import type { Certificate } from "../x509/certificate";
import { subjectText } from "../x509/names";
import { statusByLists } from "./listStatus";
import type { Subject } from "./ocspRequest";
import { statusOnline } from "./online";
import { isDelta, type RevocationList } from "./revocationList";
import { crlPointsOf, ocspUrlsOf } from "./sources";
import { NoStatus, type Status } from "./status";

/** Whether a chain is revoked, and how that may be learnt. */
export interface RevocationQuery {
  /** leaf first, root last; already proven to lead to a trusted root, for its URLs are asked */
  readonly chain: readonly Certificate[];
  readonly reach: Reach;
  /** when the signature existed, if that is proven: a key lost later has still signed this */
  readonly signedAt?: Date | undefined;
  /** lists that the policy gives */
  readonly lists?: readonly RevocationList[];
  /** never asks the network: what has no list among the given ones is unknown */
  readonly offline?: boolean;
}

/** What became known. `unknown`: nobody gave an answer that counts. */
export type Revocation =
  | { readonly outcome: "good" }
  | { readonly outcome: "revoked" | "unknown"; readonly reason: string };

/** Whether any certificate of a chain, but its root, has been revoked (RFC 5280 §6.3, RFC 6960). Throws only when the run was cancelled. */
export async function checkRevocation(
  query: RevocationQuery,
): Promise<Revocation> {
  const subjects = query.chain.flatMap((certificate, i): readonly Subject[] => {
    const issuer = query.chain[i + 1];
    return issuer ? [{ certificate, issuer }] : [];
  });
  const all = await Promise.all(
    subjects.map((subject) => checkOne(subject, query)),
  );
  return (
    all.find(({ outcome }) => outcome === "revoked") ??
    all.find(({ outcome }) => outcome === "unknown") ?? { outcome: "good" }
  );
}

async function checkOne(
  subject: Subject,
  query: RevocationQuery,
): Promise<Revocation> {
  try {
    const status = await statusOf(subject, query);
    if (status?.kind === "revoked") return revoked(subject, status, query);
    return { outcome: "good" };
  } catch (thrown) {
    if (query.reach.signal.aborted) throw thrown;
    const whose = who(subject.certificate);
    return {
      outcome: "unknown",
      reason: `nobody could tell whether ${whose} is revoked: ${textOf(thrown)}`,
    };
  }
}

async function statusOf(
  subject: Subject,
  { lists = [], offline, reach }: RevocationQuery,
): Promise<Status | undefined> {
  const { found, problem } = statusGiven(subject, lists, reach.now());
  if (found?.kind === "revoked") return found;
  if (offline) return found ?? nothingToAsk(subject, problem);
  try {
    return await statusOnline(subject, reach);
  } catch (thrown) {
    if (found && !reach.signal.aborted) return found;
    throw thrown;
  }
}

/** What the given lists say: revoked by any, or good by one; else why those of the issuer prove nothing. */
function statusGiven(
  subject: Subject,
  lists: readonly RevocationList[],
  now: Date,
): { readonly found?: Status | undefined; readonly problem: string } {
  const ours = lists.filter(({ issuerDer }) =>
    issuerDer.equals(subject.issuer.subjectDer),
  );
  const deltas = ours.filter(isDelta);
  const found: Status[] = [];
  let problem =
    "no revocation list of its issuer is given, and nobody is asked";
  for (const base of ours.filter((list) => !isDelta(list))) {
    for (const delta of deltas.length > 0 ? deltas : [undefined]) {
      try {
        found.push(statusByLists({ base, delta }, subject, now).status);
      } catch (thrown) {
        problem = textOf(thrown);
      }
    }
  }
  const worst = found.find(({ kind }) => kind === "revoked") ?? found[0];
  return { found: worst, problem };
}

/** A certificate that names nobody to ask is not revocable; of any other one nothing is known. */
function nothingToAsk({ certificate }: Subject, problem: string): undefined {
  const sources = [...ocspUrlsOf(certificate), ...crlPointsOf(certificate)];
  if (sources.length === 0) return undefined;
  throw new NoStatus(problem);
}

function revoked(
  { certificate }: Subject,
  status: Status & { readonly kind: "revoked" },
  { signedAt }: RevocationQuery,
): Revocation {
  const { at, reason, invalidFrom } = status;
  if (signedAt && invalidFrom && signedAt < invalidFrom) {
    return { outcome: "good" };
  }
  return {
    outcome: "revoked",
    reason: `the certificate of ${who(certificate)} was revoked at ${at.toISOString()} (${reason})`,
  };
}

function who(certificate: Certificate): string {
  return JSON.stringify(subjectText(certificate));
}
