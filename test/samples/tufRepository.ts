import {
  createHash,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import { json } from "@sigstore/core";

/** A TUF repository with one key for every role. */
export interface TufRepository {
  /** its first `root.json` */
  readonly root: string;
  /** what it serves, by path */
  readonly files: Map<string, Buffer>;
}

/** What to get wrong on purpose, and what to say. */
export interface TufOptions {
  /** the content of `trusted_root.json` */
  readonly target: string;
  /** how many newer roots it has */
  readonly rotations?: number;
  /** version of timestamp, snapshot and targets */
  readonly version?: number;
  /** when timestamp, snapshot and targets expire */
  readonly expires?: string;
  readonly threshold?: number;
  /** signs everything but the roots with somebody else's key */
  readonly forged?: boolean;
  /** the same keys as before */
  readonly keys?: TufKeys;
}

/** The key of a repository. */
export interface TufKeys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const far = "2999-01-01T00:00:00Z";

/** A fresh key. */
export function tufKeys(): TufKeys {
  return generateKeyPairSync("ed25519");
}

/** A repository that serves `trusted_root.json`, with consistent snapshots. */
export function createTufRepository(options: TufOptions): TufRepository {
  const { target, rotations = 0, version = 1, expires = far } = options;
  const keys = options.keys ?? tufKeys();
  const signer = options.forged ? tufKeys() : keys;
  const files = new Map<string, Buffer>();
  const roots = Array.from({ length: rotations + 1 }, (_, i) =>
    signed(rootOf(keys, i + 1, options.threshold ?? 1), keys, keys),
  );
  roots.forEach((root, i) => files.set(`/${i + 1}.root.json`, root));
  const bytes = Buffer.from(target);
  const hash = sha256(bytes);
  const common = { version, expires, spec_version: "1.0.31" };
  const targets = signed(
    {
      _type: "targets",
      ...common,
      targets: {
        "trusted_root.json": { length: bytes.length, hashes: { sha256: hash } },
      },
    },
    signer,
    keys,
  );
  const snapshot = signed(
    { _type: "snapshot", ...common, meta: { "targets.json": { version } } },
    signer,
    keys,
  );
  const timestamp = signed(
    { _type: "timestamp", ...common, meta: { "snapshot.json": { version } } },
    signer,
    keys,
  );
  files.set(`/${version}.targets.json`, targets);
  files.set(`/${version}.snapshot.json`, snapshot);
  files.set("/timestamp.json", timestamp);
  files.set(`/targets/${hash}.trusted_root.json`, bytes);
  return { root: roots[0]?.toString() ?? "", files };
}

function rootOf(keys: TufKeys, version: number, threshold: number): object {
  const role = { keyids: [keyIdOf(keys)], threshold };
  return {
    _type: "root",
    version,
    expires: far,
    spec_version: "1.0.31",
    consistent_snapshot: true,
    keys: { [keyIdOf(keys)]: keyOf(keys) },
    roles: { root: role, timestamp: role, snapshot: role, targets: role },
  };
}

function keyOf({ publicKey }: TufKeys): object {
  const { x = "" } = publicKey.export({ format: "jwk" });
  const hex = Buffer.from(x, "base64url").toString("hex");
  return { keytype: "ed25519", scheme: "ed25519", keyval: { public: hex } };
}

function keyIdOf(keys: TufKeys): string {
  return sha256(Buffer.from(json.canonicalize(keyOf(keys))));
}

/** Metadata with a signature that says it is by `named`. */
function signed(body: object, by: TufKeys, named: TufKeys): Buffer {
  const bytes = Buffer.from(json.canonicalize(body));
  const sig = sign(null, bytes, by.privateKey).toString("hex");
  const signatures = [{ keyid: keyIdOf(named), sig }];
  return Buffer.from(JSON.stringify({ signatures, signed: body }));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
