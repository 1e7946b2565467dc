import type { Envelope } from "./dsse";

/** One transparency log entry, as the evidence carries it; unproven. */
export interface LogEntry {
  readonly logId: Buffer;
  readonly logIndex: string;
  /** seconds since 1970; proven only by the promise */
  readonly integratedTime: string;
  readonly kind: string;
  readonly version: string;
  readonly body: Buffer;
  /** the signed entry timestamp */
  readonly promise?: Buffer | undefined;
  readonly proof?: InclusionProof | undefined;
}

/** The proof that a log holds an entry; the library checks it. */
export interface InclusionProof {
  readonly logIndex: string;
  readonly treeSize: string;
  readonly rootHash: Buffer;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: string;
}

/** What is signed: a payload with a signature beside it, or an envelope. */
export type Content =
  | {
      readonly kind: "payload";
      readonly payload: Buffer;
      readonly signature: Buffer;
    }
  | {
      readonly kind: "envelope";
      readonly envelope: Envelope;
      /** the envelope's own bytes, where the evidence has them: log entries and timestamps may be about these */
      readonly bytes?: Buffer;
    };

/** One piece of signature evidence, however it was written. Nothing in it chooses what is trusted. */
export interface SignatureMaterial {
  /** `cosign-simplesigning`, `dsse`, `sigstore-bundle-0.3`, … */
  readonly format: string;
  readonly content: Content;
  /** DER; the leaf first. Empty: signed by a bare key, which the evidence does not supply. */
  readonly certificates: readonly Buffer[];
  /** PEM of what cosign's chain annotation holds, unread: intermediates at the most */
  readonly chainPem?: string | undefined;
  readonly entries: readonly LogEntry[];
  /** RFC 3161 responses, DER */
  readonly timestamps: readonly Buffer[];
}
