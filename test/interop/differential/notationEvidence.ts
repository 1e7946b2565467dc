import type { EnvelopeWish } from "../../samples/notationEnvelope";
import { acme, notationLayer, type NotationForm } from "../../samples/notation";
import {
  extensions,
  type CertificateWish,
  type Issued,
  type Issuer,
} from "../../samples/pki";
import type { Answering } from "../../samples/revocation";
import type { SampleDescriptor } from "../../samples/target";
import type { NotationTrust } from "./notationTrust";

/** Evidence that is good but for one thing. */
export interface NotationEvidence {
  readonly name: string;
  readonly forms?: readonly NotationForm[];
  readonly wish?: EnvelopeWish | ((trust: NotationTrust) => EnvelopeWish);
  readonly leaf?: CertificateWish;
  /** who issues the leaf, and the rest of the chain */
  readonly issuer?: (trust: NotationTrust) => readonly Issuer[];
  /** the chain as it is written, leaf first */
  readonly chain?: (right: readonly Issued[]) => readonly Issued[];
  /** what its authority says of the leaf */
  readonly revocation?: {
    readonly ocsp?: (leaf: Issued, trust: NotationTrust) => Answering;
    readonly crl?: (leaf: Issued, trust: NotationTrust) => Answering;
  };
  /** spoils the bytes */
  readonly spoil?: (bytes: Buffer) => Buffer;
}

export const hour = 60 * 60 * 1000;
export const day = 24 * hour;

/** So many milliseconds before now. */
export const ago = (ms: number): Date => new Date(Date.now() - ms);

/** Evidence as it lies in a registry. */
export interface NotationSigned {
  readonly layer: { readonly mediaType: string; readonly bytes: Buffer };
  readonly chain: readonly Issued[];
}

/** Signs a subject with whatever is wrong in this evidence. */
export function signedBy(
  one: NotationEvidence,
  form: NotationForm,
  place: { readonly subject: SampleDescriptor; readonly trust: NotationTrust },
): NotationSigned {
  const { subject, trust } = place;
  const right = certified(one, trust);
  const [leaf] = right;
  const chain = one.chain?.(right) ?? right;
  const wish = typeof one.wish === "function" ? one.wish(trust) : one.wish;
  const signing = { privateKey: leaf.privateKey, chain };
  const { mediaType, bytes } = notationLayer(subject, signing, {
    form,
    ...wish,
  });
  return {
    layer: { mediaType, bytes: one.spoil?.(bytes) ?? bytes },
    chain: right,
  };
}

/** The chain as it should be; whoever knows of the leaf's revocation answers from now on. */
function certified(
  one: NotationEvidence,
  trust: NotationTrust,
): readonly [Issued, ...Issuer[]] {
  const above = one.issuer?.(trust) ?? [trust.root];
  const [issuer] = above;
  if (!issuer) throw new Error(`${one.name}: nobody issues`);
  const kinds = (["ocsp", "crl"] as const).flatMap((kind) => {
    const answer = one.revocation?.[kind];
    return answer ? [{ kind, answer, path: nextPath(kind) }] : [];
  });
  const urls = kinds.map(({ kind, path }) =>
    extensions[kind](trust.server.answers(path, 404)),
  );
  const more = [...(one.leaf?.more ?? []), ...urls];
  const leaf = issuer.issue({ name: acme, ...one.leaf, more });
  for (const { path, answer } of kinds) {
    trust.server.answers(path, answer(leaf, trust));
  }
  return [leaf, ...above];
}

let served = 0;

function nextPath(kind: string): string {
  served += 1;
  return `/${kind}/${served}/`;
}
