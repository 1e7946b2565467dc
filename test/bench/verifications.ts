import { authoritySamples } from "../contract/authoritySamples";
import { image } from "../samples/artifacts";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import { authorityWords } from "../../provider/verifiers/authorities/catalog";
import { authorityOf, offline } from "../unit/verifiers/world";

/** How often one thread judges one piece of evidence in a second. */
export interface Rate {
  readonly authority: string;
  readonly form: string;
  readonly perSecond: number;
}

const measuredMs = 700;
const warmUp = 20;

/** Every kind of authority in the catalog, over every form of evidence that it reads. Throws where good evidence is refused. */
export async function verificationRates(): Promise<readonly Rate[]> {
  const world = await createSigstoreWorld();
  const subject = image().descriptor;
  const rates: Rate[] = [];
  for (const word of authorityWords) {
    const { right, forms } = await authoritySamples[word](world);
    const authority = await authorityOf(right);
    for (const [form, make] of Object.entries(forms)) {
      const evidence = await make(subject);
      const judge = async () => {
        const { outcome } = await authority.authenticate(evidence, offline);
        if (outcome !== "authenticated") throw new Error(`${word}: ${form}`);
      };
      const perSecond = await perSecondOf(judge);
      rates.push({ authority: word, form, perSecond });
    }
  }
  return rates;
}

async function perSecondOf(work: () => Promise<void>): Promise<number> {
  for (let at = 0; at < warmUp; at++) await work();
  const began = performance.now();
  let count = 0;
  for (; performance.now() - began < measuredMs; count++) await work();
  return (count * 1000) / (performance.now() - began);
}
