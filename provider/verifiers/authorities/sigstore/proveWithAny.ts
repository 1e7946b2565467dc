import type { TrustMaterial } from "@sigstore/verify";
import type { Material } from "../../formats/material";
import { asRefusal, farness, type Refusal } from "../../refusal";
import { prove, type Proof, type Proven } from "./prove";

/** Proves the material with the first root that can; roots are never mixed. Throws the refusal that came nearest. */
export function proveWithAny(
  trusts: readonly TrustMaterial[],
  proof: Omit<Proof, "trust">,
): Proven {
  let nearest: Refusal | undefined;
  for (const trust of trusts) {
    try {
      return proveWhatCounts({ ...proof, trust });
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (!nearest || farness(refusal.code) < farness(nearest.code)) {
        nearest = refusal;
      }
    }
  }
  throw nearest ?? new Error("no trusted root");
}

/** Proves with everything that the material brings; what the policy does not ask for may be wrong, and then proves nothing. */
function proveWhatCounts(proof: Proof): Proven {
  try {
    return prove(proof);
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    if (!/^(TLOG|TIME)_/.test(refusal.code)) throw refusal;
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
function lessOf({ material, tlog, pinned }: Proof): readonly Material[] {
  const unlogged = { ...material, entries: [] };
  const unstamped = { ...material, timestamps: [] };
  const less: Material[] = [];
  if (pinned && material.timestamps.length > 0) less.push(unstamped);
  if (tlog === "not-required" && material.entries.length > 0) {
    less.push(unlogged);
    if (pinned) less.push({ ...unlogged, timestamps: [] });
  }
  return less;
}
