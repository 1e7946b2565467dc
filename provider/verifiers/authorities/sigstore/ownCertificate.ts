import type { KeyObject } from "node:crypto";
import type { ProvenTime, Signer } from "../../../mirror/ports";
import type { SignatureMaterial } from "../../formats/signatureMaterial";
import { asRefusal, Refusal } from "../../refusal";
import type { IdentityCheck } from "./wantedIdentity";
import { keyIdOf, requireUsableKey } from "../publicKey";
import {
  certInvalid,
  readCertificate,
  readCertificates,
  type Certificate,
} from "../../x509/certificate";
import { purposes } from "../../x509/extensions";
import { alternativeNamesOf, subjectText } from "../../x509/names";
import { findPath } from "../../x509/path";

/** What a policy says of signers that an authority of its own has certified. */
export interface OwnAuthority {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** Says what is not as wanted about the subject and one of the alternative names. */
  readonly differenceIn: IdentityCheck;
}

/** A certificate in evidence, unproven. */
export interface Presented {
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly key: KeyObject;
  /** the material with the leaf alone: the rest is ours to judge */
  readonly material: SignatureMaterial;
}

/** The certificate that evidence presents. Throws `OTHER_KIND` where a bare key has signed. */
export function presentedIn(material: SignatureMaterial): Presented {
  const [leaf, ...others] = material.certificates.map(readCertificate);
  const [leafDer] = material.certificates;
  if (!leaf || !leafDer) {
    throw new Refusal("OTHER_KIND", "it is signed with a bare key");
  }
  const { chainPem } = material;
  return {
    leaf,
    others: [...others, ...(chainPem ? readCertificates(chainPem) : [])],
    key: leaf.publicKey,
    material: { ...material, certificates: [leafDer] },
  };
}

/** Who signed, and until when that holds, where nothing proves when it was signed. */
export interface OwnSigner {
  readonly who: Signer;
  readonly validUntil: Date | undefined;
}

/**
 * Proves who signed: a path from the leaf to one of the policy's roots at every proven moment, or now where none is
 * (§1.5 gaps 11 and 13), and a name that the policy asks for. Throws `CERT_INVALID` or `IDENTITY_MISMATCH`.
 */
export function requireOwnSigner(
  { leaf, others }: Presented,
  authority: OwnAuthority,
  when: { readonly proven: readonly ProvenTime[]; readonly now: Date },
): OwnSigner {
  requireKey(leaf);
  const isProven = when.proven.length > 0;
  const moments = isProven ? when.proven.map(({ time }) => time) : [when.now];
  const paths = moments.map((at) =>
    findPath({
      leaf,
      intermediates: [...others, ...authority.intermediates],
      roots: authority.roots,
      at,
      purpose: purposes.codeSigning,
    }),
  );
  const ends = paths.flat().map(({ notAfter }) => notAfter.getTime());
  return {
    who: wantedSigner(leaf, authority.differenceIn),
    validUntil: isProven ? undefined : new Date(Math.min(...ends)),
  };
}

/** Whom a certificate names: its subject, and its only alternative name. */
export function ownSignerOf(leaf: Certificate): Signer {
  const [only, ...others] = alternativeNamesOf(leaf) ?? [];
  return {
    keyId: keyIdOf(leaf.publicKey),
    subject: subjectText(leaf),
    ...(only !== undefined && others.length === 0 && { identity: only }),
  };
}

/** The signer under the one of its names that is wanted: the authority has certified each of them. */
function wantedSigner(leaf: Certificate, differenceIn: IdentityCheck): Signer {
  const seen = ownSignerOf(leaf);
  const candidates = [
    seen,
    ...(alternativeNamesOf(leaf) ?? []).map((identity) => ({
      ...seen,
      identity,
    })),
  ];
  const wanted = candidates.find(
    (candidate) => differenceIn(candidate) === undefined,
  );
  if (wanted) return wanted;
  const difference = differenceIn(candidates[1] ?? seen) ?? "";
  throw new Refusal("IDENTITY_MISMATCH", difference, { seen });
}

function requireKey(leaf: Certificate): void {
  try {
    requireUsableKey(leaf.publicKey);
  } catch (thrown) {
    throw certInvalid(
      `${JSON.stringify(subjectText(leaf))} ${asRefusal(thrown).message}`,
      thrown,
    );
  }
}
