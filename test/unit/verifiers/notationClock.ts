import type { Evidence } from "../../../provider/mirror/ports";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { notationSigner, type NotationForm } from "../../samples/notation";
import { createRoot } from "../../samples/pki";
import { authorityOf, offline } from "./world";

export const subject = image().descriptor;
export const forms: readonly NotationForm[] = ["jws", "cose"];

const hourMs = 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 1);

/** A moment of the tests: hours after certificates of signers begin. */
export const at = (hours: number) => new Date(start + hours * hourMs);

/** Of signers: 24 hours. */
export const validity = [at(0), at(24)] as const;
/** Of authorities: long. */
export const long = [at(-1000), at(100_000)] as const;
export const root = createRoot({ validity: long });
export const signer = notationSigner({ validity }, root);
export const stranger = notationSigner(
  { validity },
  createRoot({ validity: long }),
);

/** What is said of the evidence at some hour. */
export async function answerAt(
  hours: number,
  input: AuthorityInput,
  evidence: Evidence,
) {
  const authority = await authorityOf(input);
  return authority.authenticate(evidence, { ...offline, now: () => at(hours) });
}

/** The code of it, or `OK`. */
export async function codeAt(
  hours: number,
  input: AuthorityInput,
  evidence: Evidence,
): Promise<string> {
  const answer = await answerAt(hours, input, evidence);
  return answer.outcome === "authenticated" ? "OK" : answer.code;
}
