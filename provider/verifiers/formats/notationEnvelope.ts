import { Refusal } from "../refusal";

/** The type of what a Notary Project signature signs (verification.md §3.1). */
const notationPayloadType = "application/vnd.cncf.notary.payload.v1+json";

/** Attributes of the Notary Project, as both envelopes name them. */
export const attributes = {
  scheme: "io.cncf.notary.signingScheme",
  signingTime: "io.cncf.notary.signingTime",
  authenticSigningTime: "io.cncf.notary.authenticSigningTime",
  expiry: "io.cncf.notary.expiry",
  timestamp: "io.cncf.notary.timestampSignature",
  plugin: "io.cncf.notary.verificationPlugin",
  pluginVersion: "io.cncf.notary.verificationPluginMinVersion",
} as const;

/** How the signing time is known: said by the signer, or vouched for by a signing authority. */
export type SigningScheme = "notary.x509" | "notary.x509.signingAuthority";

/** The algorithms of the Notary Project, as JOSE names them. */
export const algorithms = [
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
] as const;

/** One of `algorithms`. */
export type NotationAlgorithm = (typeof algorithms)[number];

/** What a JWS or COSE envelope says about itself; nothing of it is proven. */
export interface NotationHeaders {
  readonly algorithm: unknown;
  readonly contentType: unknown;
  readonly critical: readonly unknown[];
  readonly scheme: unknown;
  readonly signingTime?: Date | undefined;
  readonly authenticSigningTime?: Date | undefined;
  readonly expiry?: Date | undefined;
  /** every label of the signed headers */
  readonly labels: readonly unknown[];
  /** the verification plugin that the signer demands */
  readonly plugin?: string | undefined;
}

/** The bytes of an envelope. */
export interface NotationParts {
  readonly payload: Buffer;
  /** what the signature is over */
  readonly signed: Buffer;
  readonly signature: Buffer;
  /** DER, leaf first */
  readonly chain: readonly Buffer[];
  /** an RFC 3161 token over the signature */
  readonly timestamp?: Buffer | undefined;
}

/** An envelope whose headers hold together; its signature is not verified yet. */
export interface NotationEnvelope extends NotationParts {
  readonly algorithm: NotationAlgorithm;
  readonly scheme: SigningScheme;
  /** when the signer, or the signing authority, says that it was signed */
  readonly signingTime: Date;
  readonly expiry?: Date;
}

/** A refusal that says what is wrong with an envelope. */
export function unsound(what: string): Refusal {
  return new Refusal("NOTATION_INTEGRITY", `the signature envelope ${what}`);
}

/** Checks the rules that both envelopes share (§3.1 "Critical", "Schemes"). Throws `NOTATION_INTEGRITY` or `NOTATION_PLUGIN_NEEDED`. */
export function soundEnvelope(
  headers: NotationHeaders,
  parts: NotationParts,
): NotationEnvelope {
  if (headers.contentType !== notationPayloadType) {
    throw unsound(`signs ${shown(headers.contentType)}, no Notary payload`);
  }
  const algorithm = algorithms.find((name) => name === headers.algorithm);
  if (!algorithm) {
    throw unsound(
      `has algorithm ${shown(headers.algorithm)}, which no key has`,
    );
  }
  const { scheme, signingTime } = schemeOf(headers);
  requireCritical(headers);
  const { expiry } = headers;
  if (expiry && expiry <= signingTime) {
    throw unsound("expires before it was signed");
  }
  if (parts.payload.length === 0) throw unsound("signs nothing");
  if (parts.signature.length === 0) throw unsound("has no signature");
  if (parts.chain.length === 0) throw unsound("has no certificate chain");
  return {
    ...parts,
    algorithm,
    scheme,
    signingTime,
    ...(expiry && { expiry }),
  };
}

function schemeOf(
  headers: NotationHeaders,
): Pick<NotationEnvelope, "scheme" | "signingTime"> {
  const { scheme, signingTime, authenticSigningTime } = headers;
  if (scheme !== "notary.x509" && scheme !== "notary.x509.signingAuthority") {
    throw unsound(`has signing scheme ${shown(scheme)}`);
  }
  const byAuthority = scheme === "notary.x509.signingAuthority";
  const wanted = byAuthority ? authenticSigningTime : signingTime;
  const other = byAuthority ? signingTime : authenticSigningTime;
  if (!wanted) throw unsound(`of scheme ${scheme} has no signing time`);
  if (other) throw unsound(`of scheme ${scheme} has the other scheme's time`);
  return { scheme, signingTime: wanted };
}

const understood: readonly unknown[] = [
  attributes.scheme,
  attributes.signingTime,
  attributes.authenticSigningTime,
  attributes.expiry,
];
const ofPlugins: readonly unknown[] = [
  attributes.plugin,
  attributes.pluginVersion,
];

/** notation-go asks for unknown critical attributes on the plugin's path only; the specification says that they must fail, always. */
function requireCritical(headers: NotationHeaders): void {
  const { critical, labels } = headers;
  if (new Set(critical).size !== critical.length) {
    throw unsound("marks an attribute as critical twice");
  }
  for (const label of critical) {
    if (!labels.includes(label)) {
      throw unsound(`marks ${shown(label)} as critical, but has none`);
    }
  }
  const must = [
    attributes.scheme,
    ...(headers.expiry ? [attributes.expiry] : []),
    ...(headers.authenticSigningTime ? [attributes.authenticSigningTime] : []),
  ];
  for (const label of must) {
    if (!critical.includes(label)) throw unsound(`leaves ${label} uncritical`);
  }
  if (labels.some((label) => ofPlugins.includes(label))) {
    throw new Refusal(
      "NOTATION_PLUGIN_NEEDED",
      `the signer demands notation's verification plugin ${shown(headers.plugin)}, which only notation can run`,
    );
  }
  const unknown = critical.find((label) => !understood.includes(label));
  if (unknown !== undefined) {
    throw unsound(`has the unknown critical attribute ${shown(unknown)}`);
  }
}

function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "bigint":
    case "boolean":
    case "undefined":
      return `${value}`;
    default:
      return value === null ? "null" : "something with parts";
  }
}
