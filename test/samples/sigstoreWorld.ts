import {
  createHash,
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
  randomBytes,
  sign,
} from "node:crypto";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
} from "@sigstore/mock/dist/fulcio";
import { initializeTLog } from "@sigstore/mock/dist/rekor";
import { initializeTSA } from "@sigstore/mock/dist/timestamp";
import { certificatePem, pemOf, type Signer } from "./signers";

/** Who a certificate is for, as Fulcio writes it. */
export interface Identity {
  /** the OIDC issuer */
  readonly issuer: string;
  /** the URI in the SAN */
  readonly identity: string;
  /** the issuer in Fulcio's old extension, where it is to be another one */
  readonly oldIssuer?: string;
  /** Fulcio's other extensions, by the last number of their OID: `{ 12: "https://github.com/acme/app" }` */
  readonly extensions?: Readonly<Record<number, string>>;
}

/** One entry of a Rekor v1 log, with promise and proof. */
export interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  /** hex */
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: readonly string[];
      readonly checkpoint: string;
    };
  };
}

/** A certificate authority, CT log, Rekor v1 and timestamp authority of one test, and the root that trusts them. */
export interface SigstoreWorld {
  /** its `trusted_root.json` */
  readonly trustedRoot: string;
  /** the time at which everything in this world happens; set it to move on. Whole seconds only. */
  readonly clock: Date;
  /** what `Signer.chainPem` holds: the root's PEM */
  readonly caPem: string;
  keyless(who: Identity): Promise<Signer>;
  /** What Fulcio answers to a `POST /api/v2/signingCert`; the SAN is the token's `sub` */
  certify(
    body: string,
  ): Promise<{ readonly status: number; readonly body: string }>;
  log(proposedEntry: object): Promise<LogEntry>;
  /** DER of an RFC 3161 response over the SHA-256 of bytes */
  timestamp(bytes: Uint8Array): Promise<Buffer>;
}

const fulcio = "1.3.6.1.4.1.57264.1";
const sha256Oid = "2.16.840.1.101.3.4.2.1";

/** A whole sigstore of its own, fresh keys and all. */
export async function createSigstoreWorld(): Promise<SigstoreWorld> {
  const clock = new Date();
  const keys = { ca: pair(), ctLog: pair(), rekor: pair(), tsa: pair() };
  const ctLog = await initializeCTLog(keys.ctLog, clock);
  const ca = await initializeCA(keys.ca, ctLog, clock);
  const rekor = await initializeTLog(
    "https://rekor.example",
    keys.rekor,
    clock,
  );
  const tsa = await initializeTSA(keys.tsa, clock);
  clock.setTime(Math.floor(Date.now() / 1000) * 1000); // the mock's genTime breaks on milliseconds that end in 0
  const caPem = certificatePem(bytesOf(ca.rootCertificate));
  return {
    clock,
    caPem,
    trustedRoot: JSON.stringify(
      trustedRootOf({
        keys,
        start: new Date(clock.getTime() - 24 * 60 * 60 * 1000).toISOString(),
        ca: [bytesOf(ca.rootCertificate)],
        tsa: [bytesOf(tsa.intCertificate), bytesOf(tsa.rootCertificate)],
      }),
    ),
    async keyless(who) {
      const own = pair();
      const spki = own.publicKey.export({ type: "spki", format: "der" });
      const certificate = await ca.issueCertificate({
        publicKey: Buffer.from(spki),
        subjectAltName: who.identity,
        extensions: extensionsOf(who),
      });
      return {
        publicKeyPem: pemOf(own.publicKey),
        hint: createHash("sha256").update(spki).digest("base64"),
        certificate: bytesOf(certificate),
        chainPem: caPem,
        sign: (bytes) => sign("sha256", bytes, own.privateKey),
      };
    },
    async certify(body) {
      const { statusCode, response } = await fulcioHandler(ca).fn(body);
      return { status: statusCode, body: String(response) };
    },
    async log(proposedEntry) {
      const [entry] = Object.values(await rekor.log(proposedEntry));
      if (!isLogEntry(entry)) throw new Error("the mock log gave no entry");
      return entry;
    },
    async timestamp(bytes) {
      const response = await tsa.timestamp({
        artifactHash: createHash("sha256").update(bytes).digest(),
        hashAlgorithmOID: sha256Oid,
        nonce: randomBytes(4).readUInt32BE(),
        policyOID: "1.3.6.1.4.1.57264.2",
        certReq: true,
      });
      return bytesOf(response);
    },
  };
}

function pair(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function isLogEntry(value: unknown): value is LogEntry {
  return typeof value === "object" && value !== null && "verification" in value;
}

function extensionsOf(who: Identity) {
  const more = Object.entries(who.extensions ?? {}).map(([last, value]) => ({
    oid: `${fulcio}.${last}`,
    value,
    legacy: Number(last) < 8,
  }));
  return [
    { oid: `${fulcio}.1`, value: who.oldIssuer ?? who.issuer, legacy: true },
    { oid: `${fulcio}.8`, value: who.issuer },
    ...more,
  ];
}

interface WorldParts {
  readonly keys: Readonly<
    Record<"ca" | "ctLog" | "rekor" | "tsa", KeyPairKeyObjectResult>
  >;
  readonly start: string;
  readonly ca: readonly Buffer[];
  readonly tsa: readonly Buffer[];
}

function trustedRootOf(parts: WorldParts): object {
  const validFor = { start: parts.start };
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [logOf("https://rekor.example", parts.keys.rekor, validFor)],
    certificateAuthorities: [
      authorityOf("https://fulcio.example", parts.ca, validFor),
    ],
    ctlogs: [logOf("https://ctlog.example", parts.keys.ctLog, validFor)],
    timestampAuthorities: [
      authorityOf("https://tsa.example", parts.tsa, validFor),
    ],
  };
}

function logOf(
  baseUrl: string,
  keys: KeyPairKeyObjectResult,
  validFor: object,
): object {
  const spki = keys.publicKey.export({ type: "spki", format: "der" });
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: spki.toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor,
    },
    logId: { keyId: createHash("sha256").update(spki).digest("base64") },
  };
}

function authorityOf(
  uri: string,
  chain: readonly Buffer[],
  validFor: object,
): object {
  return {
    subject: { organization: "sigstore.mock", commonName: "sigstore" },
    uri,
    certChain: {
      certificates: chain.map((der) => ({ rawBytes: der.toString("base64") })),
    },
    validFor,
  };
}
