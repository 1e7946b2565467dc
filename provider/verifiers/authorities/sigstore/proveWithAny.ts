import type { SignatureMaterial } from "../../formats/signatureMaterial";
import { asRefusal, farness, type Refusal } from "../../refusal";
import { prove, type Proof, type Proven } from "./prove";

/** One root, and whether its signatures must be logged. */
export type UnderRoot = Pick<Proof, "trust" | "tlog">;

/** Proves the material with the first root that can; roots are never mixed. Throws the refusal that came nearest. */
export function proveWithAny(
  roots: readonly UnderRoot[],
  proof: Omit<Proof, keyof UnderRoot>,
): Proven {
  let nearest: Refusal | undefined;
  for (const root of roots) {
    try {
      return proveWhatCounts({ ...proof, ...root });
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (!nearest || farness(refusal.code) < farness(nearest.code)) {
        nearest = refusal;
      }
    }
  }
  throw nearest ?? new Error("no trusted root");
}

/** Codes of what need not be looked at where the policy does not ask for it. */
const leftOut = /^(TLOG_|TIME_|TRUST_OUTDATED$|UNSUPPORTED_FORMAT$)/;

/** Proves with everything that the material brings; what the policy does not ask for may be wrong, and then proves nothing. */
function proveWhatCounts(proof: Proof): Proven {
  try {
    return prove(proof);
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    if (!leftOut.test(refusal.code)) throw refusal;
    for (const material of lessOf(proof)) {
      try {
        return prove({ ...proof, material });
      } catch {
        // the first refusal says more
      }
    }
    throw refusal;
  }
}

/** The material without log entries where no log is required, and without timestamps where a pinned key needs no time. */
function lessOf({
  material,
  tlog,
  pinned,
}: Proof): readonly SignatureMaterial[] {
  const unlogged = { ...material, entries: [] };
  const unstamped = { ...material, timestamps: [] };
  const less: SignatureMaterial[] = [];
  if (pinned && material.timestamps.length > 0) less.push(unstamped);
  if (tlog === "not-required" && material.entries.length > 0) {
    less.push(unlogged);
    if (pinned) less.push({ ...unlogged, timestamps: [] });
  }
  return less;
}
