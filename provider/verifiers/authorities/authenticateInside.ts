import { setImmediate } from "node:timers/promises";
import type {
  Authenticated,
  Authority,
  Evidence,
  Inside,
  Reach,
  Rejection,
  Statement,
} from "../../mirror/ports";
import { vouch } from "../../mirror/vouch";
import { isLarge } from "../formats/envelopeJson";
import { bindStatement, readBareStatement } from "../formats/statement";
import { asRefusal, reasonText, type Refusal } from "../refusal";
import { canRead } from "./canRead";
import { requireBytes } from "./requireBytes";

const format = "buildkit-statement";

/**
 * What authorities say about an unsigned statement inside the artifact: it is made by whoever made a plain signature over
 * what contains it (`verification.md` §2.1 (g)). An attestation about the container covers nothing.
 */
export async function authenticateInside(
  inside: Inside,
  authorities: readonly Authority[],
  reach: Reach,
): Promise<readonly (Authenticated | Rejection)[]> {
  const answers = await answersOf(inside, authorities, reach);
  const isCovered = answers.some(({ outcome }) => outcome === "authenticated");
  // a large one is read only once it is proven whose it is
  if (!isCovered && isLarge(inside.statement.bytes)) return answers;
  const statement = boundStatement(inside);
  if ("refusal" in statement) return [rejected(inside, statement.refusal)];
  return answers.map((answer) =>
    answer.outcome === "authenticated"
      ? covered(inside, answer, statement)
      : answer,
  );
}

type Answer = Authenticated | Rejection;

/** What each authority says about each piece that covers it. */
async function answersOf(
  inside: Inside,
  authorities: readonly Authority[],
  reach: Reach,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const authority of authorities) {
    for (const piece of inside.covers) {
      if (!canRead(authority, piece)) continue;
      reach.signal.throwIfAborted();
      answers.push(await coverBy(authority, piece, reach));
    }
  }
  return answers;
}

const known = new WeakMap<Authority, WeakMap<Evidence, Promise<Answer>>>();

/** Many statements share one cover: it is judged once, one in one turn of the event loop. An authority and evidence live as long as one call. */
function coverBy(
  authority: Authority,
  piece: Evidence,
  reach: Reach,
): Promise<Answer> {
  const answers =
    known.get(authority) ?? new WeakMap<Evidence, Promise<Answer>>();
  known.set(authority, answers);
  const answer =
    answers.get(piece) ??
    setImmediate().then(() => authority.authenticate(piece, reach));
  answers.set(piece, answer);
  return answer;
}

/** Strictly read, and about the manifest that the index says it is about. */
function boundStatement({
  statement: evidence,
}: Inside): Statement | { readonly refusal: Refusal } {
  try {
    requireBytes(evidence);
    const statement = readBareStatement(evidence.bytes);
    return bindStatement(statement, evidence.subject.digest);
  } catch (thrown) {
    return { refusal: asRefusal(thrown) };
  }
}

function rejected({ statement }: Inside, refusal: Refusal): Rejection {
  return {
    outcome: "rejected",
    evidence: statement,
    authority: "",
    format,
    code: refusal.code,
    reason: reasonText(refusal.message),
  };
}

function covered(
  inside: Inside,
  cover: Authenticated,
  statement: Statement,
): Authenticated | Rejection {
  if (cover.statement) return notASignature(cover, cover.statement);
  const { authority, signer, times, validUntil } = cover;
  const { manifest, subject } = cover.evidence;
  const isOwn = subject.digest === inside.statement.manifest.digest;
  const what = isOwn ? "attestation manifest" : "index";
  const note = `covered by the signature on ${subject.digest} (${what})`;
  return vouch({
    evidence: inside.statement,
    authority,
    format,
    signer,
    times,
    statement,
    reliesOn: [manifest.digest, ...(cover.reliesOn ?? [])],
    notes: [note, ...(cover.notes ?? [])],
    ...(validUntil && { validUntil }),
  });
}

function notASignature(
  { evidence, authority, signer, format: own }: Authenticated,
  { predicateType }: Statement,
): Rejection {
  return {
    outcome: "rejected",
    evidence,
    authority,
    format: own,
    code: "NOT_A_SIGNATURE",
    reason: reasonText(
      `an attestation (${predicateType}), which covers nothing`,
    ),
    seen: signer,
  };
}
