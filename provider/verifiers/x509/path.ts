import { certInvalid, type Certificate } from "./certificate";
import {
  basicConstraintsOf,
  extensionOids,
  keyUsageOf,
  purposes,
  purposesOf,
} from "./extensions";
import { isIssuedBy } from "./issued";
import { nameText, subjectText } from "./names";
import { isSoundAlgorithm } from "./signature";
import { asRefusal, type Refusal } from "../refusal";

/** From where to where a path of certificates must lead. */
export interface PathQuery {
  readonly leaf: Certificate;
  /** untrusted: what came along, and what the policy gives */
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  /** every certificate must be valid then */
  readonly at: Date;
  /** OID of the extended key usage: the leaf must have it, and no authority above may exclude it */
  readonly purpose: string;
}

const maxLength = 8;
const maxIntermediates = 32;
const maxSteps = 200;

/** Extensions that may be critical, because we honour them or they restrict nothing. */
const honoured: ReadonlySet<string> = new Set([
  extensionOids.subjectKeyId,
  extensionOids.keyUsage,
  extensionOids.subjectAlternativeName,
  extensionOids.basicConstraints,
  extensionOids.certificatePolicies,
  extensionOids.authorityKeyId,
  extensionOids.extendedKeyUsage,
  extensionOids.crlDistributionPoints,
]);

/**
 * Finds a path to a trusted root, leaf first, root last (RFC 5280 §6, without policies and with name constraints refused).
 * Throws the `CERT_INVALID` of the path that came nearest.
 */
export function findPath(query: PathQuery): readonly Certificate[] {
  if (query.intermediates.length > maxIntermediates) {
    throw certInvalid(`comes with more than ${maxIntermediates} others`);
  }
  requireLeaf(query.leaf, query.purpose);
  requireSound(query.leaf, query.at);
  const search: Search = { ...query, steps: 0, nearest: undefined };
  const found = extend([query.leaf], search);
  if (found) return found;
  throw (
    search.nearest ??
    certInvalid(
      `of ${who(query.leaf)} leads to no trusted root: its issuer is ${nameText(query.leaf.issuerDer) || "unnamed"}`,
    )
  );
}

interface Search extends PathQuery {
  steps: number;
  nearest: Refusal | undefined;
}

function extend(
  path: readonly Certificate[],
  search: Search,
): readonly Certificate[] | undefined {
  const last = path.at(-1);
  if (!last) return undefined;
  if (search.roots.some((root) => root.der.equals(last.der))) return path;
  if (path.length >= maxLength) return undefined;
  for (const above of [...search.roots, ...search.intermediates]) {
    if (path.some((known) => known.der.equals(above.der))) continue;
    if (!above.subjectDer.equals(last.issuerDer)) continue;
    if (++search.steps > maxSteps) return undefined;
    const longer = stepTo(above, path, search);
    const found = longer && extend(longer, search);
    if (found) return found;
  }
  return undefined;
}

/** The path with one authority more, or undefined where that one did not, or may not, issue the last. */
function stepTo(
  above: Certificate,
  path: readonly Certificate[],
  search: Search,
): readonly Certificate[] | undefined {
  const last = path.at(-1);
  if (!last || !isIssuedBy(last, above)) return undefined;
  try {
    requireAuthority(above, path.length - 1, search);
    return [...path, above];
  } catch (thrown) {
    search.nearest ??= asRefusal(thrown);
    return undefined;
  }
}

/** Refuses a leaf that is not for this purpose. */
export function requireLeaf(leaf: Certificate, purpose: string): void {
  if (basicConstraintsOf(leaf)?.isAuthority) {
    throw certInvalid("is an authority's, not a signer's");
  }
  const usage = keyUsageOf(leaf);
  if (usage && !maySign(usage.usages)) {
    throw certInvalid("is not for signatures (key usage)");
  }
  if (!purposesOf(leaf)?.purposes.includes(purpose)) {
    throw certInvalid(
      `is not for ${purposeName(purpose)} (extended key usage)`,
    );
  }
}

function maySign(usages: ReadonlySet<string>): boolean {
  return usages.has("digitalSignature") && !usages.has("keyCertSign");
}

function purposeName(purpose: string): string {
  if (purpose === purposes.codeSigning) return "code signing";
  if (purpose === purposes.timeStamping) return "timestamps";
  return purpose;
}

/** Refuses what may not issue: `below` is the number of authorities between it and the leaf. */
function requireAuthority(
  authority: Certificate,
  below: number,
  { at, purpose }: PathQuery,
): void {
  const constraints = basicConstraintsOf(authority);
  if (!constraints?.isAuthority) {
    throw certInvalid(
      `${who(authority)} has issued another, but is no authority`,
    );
  }
  const { pathLength } = constraints;
  if (pathLength !== undefined && pathLength < below) {
    throw certInvalid(
      `${who(authority)} allows ${pathLength} authorities below it, not ${below}`,
    );
  }
  const usage = keyUsageOf(authority);
  if (usage && !usage.usages.has("keyCertSign")) {
    throw certInvalid(`${who(authority)} may not issue others (key usage)`);
  }
  if (!mayIssueFor(authority, purpose)) {
    throw certInvalid(
      `${who(authority)} issues none for ${purposeName(purpose)}`,
    );
  }
  requireSound(authority, at);
}

function mayIssueFor(authority: Certificate, purpose: string): boolean {
  const allowed = purposesOf(authority)?.purposes;
  if (!allowed) return true;
  return allowed.includes(purpose) || allowed.includes(purposes.any);
}

/** What must hold of every certificate of a path. */
function requireSound(certificate: Certificate, at: Date): void {
  const { extensions, signatureAlgorithm, notBefore, notAfter } = certificate;
  if (extensions.has(extensionOids.nameConstraints)) {
    throw certInvalid(
      `${who(certificate)} has name constraints, which are not supported`,
    );
  }
  for (const [oid, { critical }] of extensions) {
    if (critical && !honoured.has(oid)) {
      throw certInvalid(
        `${who(certificate)} has an unknown critical extension ${oid}`,
      );
    }
  }
  if (!isSoundAlgorithm(signatureAlgorithm)) {
    throw certInvalid(
      `${who(certificate)} is signed with an algorithm that does not count (SHA-1 or older)`,
    );
  }
  if (at < notBefore || at > notAfter) {
    throw certInvalid(
      `${who(certificate)} was valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}, not at ${at.toISOString()}`,
    );
  }
}

function who(certificate: Certificate): string {
  return JSON.stringify(subjectText(certificate));
}
