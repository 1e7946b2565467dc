import { counts } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { inRegistry, put } from "../samples/target";
import type { Declared, Scene } from "./scene";

/** Publishes so many signed images, and declares a mirror of each. */
export async function declareMany(
  scene: Scene,
  { count, watch }: { readonly count: number; readonly watch: string },
): Promise<void> {
  const publish = async (at: number): Promise<[string, Declared]> => {
    const target = inRegistry(scene.source, `acme/app-${at}`);
    const sample = image({ seed: `app-${at}`, layers: [500] });
    const subject = await put(target, sample, "1");
    const layers = [await signatureLayer(subject, scene.signer)];
    await attachLegacy(target, subject, { suffix: "sig", layers });
    const args = {
      source: `${scene.source.host}/acme/app-${at}:1`,
      destination: `${scene.destination.host}/mirror/app-${at}:1`,
      policy: scene.policy,
      evidence: { watch },
    };
    return [`app-${at}`, { args }];
  };
  const all = Array.from({ length: count }, (_, at) => publish(at));
  scene.declare(Object.fromEntries(await Promise.all(all)));
}

/** Requests for one of so many, tokens and challenges left out. */
export function requestsEach(
  scene: Scene,
  many: number,
): Readonly<Record<string, number>> {
  const {
    token: _,
    challenge: __,
    ...others
  } = counts([...scene.source.requests, ...scene.destination.requests]);
  return Object.fromEntries(
    Object.entries(others).map(([word, count]) => [word, count / many]),
  );
}
