import { membersOf, partsOf, readDer, requireTag, tags } from "./asn1";
import { certInvalid, type Certificate, type Extension } from "./certificate";
import { bitsOf, booleanOf, countOf, oidOf } from "./values";

/** The OIDs of extensions that we honour. */
export const extensionOids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAlternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  freshestCrl: "2.5.29.46",
  authorityInformation: "1.3.6.1.5.5.7.1.1",
  ocspNoCheck: "1.3.6.1.5.5.7.48.1.5",
} as const;

/** Purposes of a key (extended key usage). */
export const purposes = {
  any: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  ocspSigning: "1.3.6.1.5.5.7.3.9",
} as const;

const usageNames = [
  "digitalSignature",
  "contentCommitment",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

/** What a key may be used for (RFC 5280 §4.2.1.3). */
export type KeyUsage = (typeof usageNames)[number];

/** The key usage extension, or undefined where there is none. */
export function keyUsageOf(certificate: Certificate):
  | {
      readonly critical: boolean;
      readonly usages: ReadonlySet<KeyUsage>;
    }
  | undefined {
  return read(certificate, "keyUsage", ({ critical, value }) => {
    const bits = bitsOf(readDer(value));
    const usages = new Set(usageNames.filter((_, bit) => bits.has(bit)));
    return { critical, usages };
  });
}

/** The basic constraints extension, or undefined where there is none. */
export function basicConstraintsOf(certificate: Certificate):
  | {
      readonly critical: boolean;
      readonly isAuthority: boolean;
      readonly pathLength?: number;
    }
  | undefined {
  return read(certificate, "basicConstraints", ({ critical, value }) => {
    const members = membersOf(readDer(value));
    const authority = members.maybe(tags.boolean);
    const length = members.maybe(tags.integer);
    members.end();
    return {
      critical,
      isAuthority: authority !== undefined && booleanOf(authority),
      ...(length && { pathLength: countOf(length, 1000) }),
    };
  });
}

/** The extended key usage extension, or undefined where there is none. */
export function purposesOf(certificate: Certificate):
  | {
      readonly critical: boolean;
      /** OIDs */
      readonly purposes: readonly string[];
    }
  | undefined {
  return read(certificate, "extendedKeyUsage", ({ critical, value }) => ({
    critical,
    purposes: partsOf(requireTag(readDer(value), tags.sequence)).map(oidOf),
  }));
}

/** Reads one extension with a function. Throws `CERT_INVALID` for a value that is not what it should be. */
export function read<Value>(
  { extensions }: Pick<Certificate, "extensions">,
  name: keyof typeof extensionOids,
  reader: (extension: Extension) => Value,
): Value | undefined {
  const extension = extensions.get(extensionOids[name]);
  if (!extension) return undefined;
  try {
    return reader(extension);
  } catch (cause) {
    throw certInvalid(`has a ${name} that cannot be read`, cause);
  }
}
