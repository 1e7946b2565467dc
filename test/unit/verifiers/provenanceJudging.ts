import type { PolicyInput } from "../../../provider/verifiers/policy";
import {
  createSigstoreWorld,
  type Identity,
} from "../../samples/sigstoreWorld";
import { certified, generator, githubIssuer, workflow } from "./provenances";
import { judgeStated, stated } from "./stating";

export type Wanted = Omit<NonNullable<PolicyInput["provenance"]>[number], "by">;
export type Sample = {
  readonly predicateType: string;
  readonly predicate: object;
};

/** Says what becomes of provenance that a GitHub workflow has signed, in a world of its own. */
export function judgeOfProvenance() {
  const created = createSigstoreWorld();
  return async (
    provenance: Sample,
    wanted: Wanted,
    who: Partial<Identity> = {},
  ) => {
    const world = await created;
    const isV1 = provenance.predicateType.endsWith("v1");
    const { issuer, identity, extensions } = {
      issuer: githubIssuer,
      identity: isV1 ? workflow : generator,
      extensions: certified,
      ...who,
    };
    const signer = await world.keyless({ issuer, identity, extensions });
    const { trustedRoot } = world;
    const keyless = { issuer, identity, trustedRoots: [trustedRoot] };
    const evidence = [await stated(signer, { ...provenance, log: world })];
    const by = [{ keyless }];
    return judgeStated({ provenance: [{ by, ...wanted }] }, { evidence });
  };
}
