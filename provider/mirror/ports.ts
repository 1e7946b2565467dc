import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import type { Json } from "../oci/json";
import type { Manifest } from "../oci/manifest";
import type { Reference } from "../oci/reference";
import type { Side } from "./errors";
import type { Reach } from "./reach";
import type { ListRepositories } from "./repositories";

export type { Notice, Reach, Request, Response, Send } from "./reach";

/** A manifest or an index, re-hashed: `bytes` hash to `descriptor.digest`. */
export interface Node {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/** A manifest as a place served it: `bytes` hash to `descriptor.digest`. */
export interface Served {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/**
 * How a name is looked up. `absent`: it is probably not there, so the question that proves it comes first. `twice`: it was there, so
 * its absence is believed only when it is seen again a little later (registry.md §1.8).
 */
export type Look = "absent" | "twice";

/** Whether a place takes an index some of whose children it does not have. */
export type SparseIndex = "accepted" | "refused" | "unknown";

/**
 * A repository, or a layout directory, that can be read.
 * `undefined` and `false` mean proven absent; whatever could not be learned is thrown as a `MirrorError`.
 */
export interface Source {
  readonly side: Side;
  /** `host/repository`, or `oci:dir`; no tag, no digest */
  readonly repository: string;
  readonly sparseIndex: SparseIndex;
  /** It has said that there is no such repository, and nothing was written to it since. */
  readonly isMissing: boolean;
  /** What a tag or digest names now, asked by HEAD where that is enough. */
  resolve(
    tagOrDigest: string,
    reach: Reach,
    look?: Look,
  ): Promise<Descriptor | undefined>;
  /** The same with its bytes, read there and then: one question, whether it is there or not. */
  fetch(tagOrDigest: string, reach: Reach): Promise<Served | undefined>;
  /** Whether a manifest (by its media type) or a blob is there, by one question: a `false` is good enough to write it again. */
  has(node: Descriptor, reach: Reach): Promise<boolean>;
  /** All bytes of a manifest or a small blob; digest and size checked. `maxBytes` bounds the size the descriptor may claim. */
  read(node: Descriptor, maxBytes: number, reach: Reach): Promise<Uint8Array>;
  /**
   * A blob's bytes as they come, hashed on the way: the last chunk is held back until digest and size are proven, else it throws.
   * A chunk stays as it is until three more were asked for; who keeps it longer copies it (`collect` does).
   */
  open(node: Descriptor, reach: Reach): AsyncIterable<Uint8Array>;
  /** All tags, complete, sorted. */
  tags(reach: Reach): Promise<readonly string[]>;
  /** All manifests said to refer to the subject (referrers API or fallback tag): complete, or it throws. A hint: the reader checks `subject`. */
  referrers(subject: Digest, reach: Reach): Promise<readonly Descriptor[]>;
}

/** How a copy reaches the wire, and whom it tells how many bytes went over. */
export interface Copying {
  readonly reach: Reach;
  readonly onBytes: (count: number) => void;
  /** The blob is proven not to be at the destination: nobody needs to ask again. */
  readonly isAbsent?: boolean;
}

/** A source that can also be written. Every write is idempotent. */
export interface Destination extends Source {
  /** Brings one blob here, by mount or by stream. Answers how many bytes crossed the wire (0 when mounted or already here). */
  copyFrom(source: Source, blob: Descriptor, by: Copying): Promise<number>;
  /**
   * Writes an image by digest before its blobs are known to be here, where the place refuses what is incomplete. Answers what it
   * misses, nothing when it is written, `undefined` where the place was not asked or did not say.
   */
  offer(node: Node, reach: Reach): Promise<readonly Digest[] | undefined>;
  /** Writes a manifest by digest and, where it has a subject that the place does not list by itself, the fallback tag. */
  put(node: Node, reach: Reach): Promise<void>;
  /** Points a tag at a manifest that is here, and reads it back. */
  tag(tag: string, node: Node, reach: Reach): Promise<void>;
  /** Removes the tag alone. Throws `UNSUPPORTED` where the place cannot. */
  untag(tag: string, reach: Reach): Promise<void>;
  /** Removes a manifest, and with it every tag on it. Blobs are the place's own to collect. */
  remove(node: Descriptor, reach: Reach): Promise<void>;
}

/** Opens places. Only `openForWriting` asks for more than pull scopes. */
export interface Stores {
  open(reference: Reference, side: Side): Source;
  openForWriting(reference: Reference): Destination;
  readonly repositories: ListRepositories;
}

/** How evidence was found; `child`: inside the artifact, as BuildKit's attestation manifests are. */
export type Via = "referrer" | "sig" | "att" | "sbom" | "child";

/** A manifest that says something about another one. Discovery proved its digest and its subject, and has no opinion. */
export interface EvidenceManifest {
  /** the node it is about */
  readonly subject: Descriptor;
  readonly node: Node;
  /** where the evidence is an index: the manifests below it, children first */
  readonly below: readonly Node[];
  readonly via: Via;
  /** the legacy cosign tag it was found under */
  readonly tag?: string;
  /** the place it was read from */
  readonly from: Source;
}

/** One layer of an evidence manifest, re-hashed, that an authority may judge. */
export interface Evidence {
  readonly subject: Descriptor;
  readonly manifest: Descriptor;
  readonly via: Via;
  /** `artifactType`, else the config's media type */
  readonly artifactType: string;
  /** how many layers the manifest has */
  readonly layers: number;
  readonly layer: Descriptor;
  readonly bytes: Uint8Array;
}

/** A statement that lies inside the artifact, unsigned: whoever signed what contains it has signed it too. */
export interface Inside {
  /** `via: "child"`; its `subject` is the manifest that it is about, its `manifest` the attestation manifest */
  readonly statement: Evidence;
  /** evidence about the manifests that contain it by digest, from the attestation manifest up to the root */
  readonly covers: readonly Evidence[];
}

/** Who signed, in public words: no key and no certificate, only how to tell them apart. */
export interface Signer {
  /** `sha256:` of the key's SPKI DER; also where a long-lived certificate holds the key */
  readonly keyId?: string;
  /** the OIDC issuer that Fulcio certified */
  readonly issuer?: string;
  readonly identity?: string;
  /** the subject of a long-lived certificate, as RFC 4514 writes it */
  readonly subject?: string;
  /** Fulcio's certificate extensions by name */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** A moment at which the signature existed, and who proves it. */
export interface ProvenTime {
  readonly time: Date;
  readonly source: "rekor" | "rfc3161" | "signing-authority";
}

/** An in-toto statement whose envelope was verified and whose subject is ours. */
export interface Statement {
  /** `_type` */
  readonly type: string;
  /** `subject`, as it stands */
  readonly subjects: readonly Json[];
  readonly predicateType: string;
  readonly predicate: Json;
}

declare const authenticated: unique symbol;

/** Evidence whose signature, signer and subject an authority has proven. Made only by `vouch`. */
export interface Authenticated {
  readonly [authenticated]: true;
  readonly outcome: "authenticated";
  readonly evidence: Evidence;
  /** the authority as the report names it: `signedBy[0].key` */
  readonly authority: string;
  /** how it was written: `cosign-simplesigning`, `dsse`, `sigstore-bundle-0.3`, … */
  readonly format: string;
  readonly signer: Signer;
  readonly times: readonly ProvenTime[];
  /** absent for a plain signature */
  readonly statement?: Statement;
  /** the earliest moment at which this would no longer verify, as far as it is known */
  readonly validUntil?: Date;
  /** evidence without which this would not hold, besides its own manifest */
  readonly reliesOn?: readonly Digest[];
  /** what the report says besides: `statement "prod" of the trust policy`, `only logged: …` */
  readonly notes?: readonly string[];
}

/** Why an authority did not vouch (codes of `verification.md` §7.2). `inconclusive`: it could not be asked. */
export interface Rejection {
  readonly outcome: "rejected" | "inconclusive";
  readonly evidence: Evidence;
  readonly authority: string;
  readonly format: string;
  readonly code: string;
  readonly reason: string;
  /** the identity seen, where one could be read; unproven */
  readonly seen?: Signer;
}

/** Somebody who may vouch, with trust at hand. `reads` keeps discovery from fetching what nobody can judge. */
export interface Authority {
  readonly name: string;
  /** whom it stands for, in public words: `key sha256:…` */
  readonly wants: string;
  /** Whether this authority can read such a layer at all. */
  reads(layer: {
    readonly via: Via;
    readonly artifactType: string;
    readonly mediaType: string;
    /** how many layers the manifest has */
    readonly layers: number;
  }): boolean;
  authenticate(
    evidence: Evidence,
    reach: Reach,
  ): Promise<Authenticated | Rejection>;
}

/** What was looked at and did not satisfy, for the report. */
export interface Looked {
  readonly evidence: Digest;
  readonly format: string;
  readonly authority: string;
  readonly code: string;
  readonly reason: string;
  readonly seen?: Signer;
}

/** One requirement's answer about one artifact. */
export interface Verdict {
  readonly outcome: "passed" | "failed" | "inconclusive";
  /** the property path inside the policy: `signedBy`, `attestations[0]` */
  readonly requirement: string;
  /** whether a no blocks, or is only shown */
  readonly blocks: boolean;
  /** `OK`, or why not: `NO_EVIDENCE`, `IDENTITY_MISMATCH`, `THRESHOLD`, … */
  readonly code: string;
  readonly reason: string;
  readonly satisfiedBy: readonly Authenticated[];
  /** evidence manifests without which it would not have passed: they must come along */
  readonly reliedOn: readonly Digest[];
  readonly looked: readonly Looked[];
  /** what the report says besides */
  readonly notes?: readonly string[];
}

/** One manifest to be judged, with all that was found about it. */
export interface Judged {
  /** where it was read; judges get bytes, so only a plugin's endpoint may read from it */
  readonly place: Source;
  /** as the user named it, with the digest of the root */
  readonly reference: string;
  readonly node: Node;
  /** layers of evidence about it that some authority can read */
  readonly evidence: readonly Evidence[];
  /** statements about it that lie inside the artifact */
  readonly inside: readonly Inside[];
  /** every evidence manifest about it, and about those, each after its subject */
  readonly referrers: readonly EvidenceManifest[];
}

/** One thing that must be proven. */
export interface Requirement {
  readonly name: string;
  readonly blocks: boolean;
  /** whether passing it proves who vouched; a plugin's yes never lets anything in alone */
  readonly proves: boolean;
  /** whether a yes counts only where every list of evidence could be read, because what is missing could be a no */
  readonly needsAll?: boolean;
  /** whether statements inside the artifact are of use to it */
  readonly readsInside: boolean;
  readonly authorities: readonly Authority[];
  judge(judged: Judged, reach: Reach): Promise<Verdict>;
}

/** What must be covered of an index: its root, each platform that is copied, or either. */
export type Coverage = "root" | "platforms" | "either";

/** A policy made ready: trust loaded, patterns compiled. */
export interface Policy {
  /** `sha256:` over the canonical policy and its trust material */
  readonly digest: string;
  /** the reason why nothing is verified; then there are no requirements */
  readonly unverified?: string;
  readonly coverage: Coverage;
  readonly requirements: readonly Requirement[];
}
