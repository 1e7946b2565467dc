import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createRoot, type Issued } from "../samples/pki";
import type { SigstoreWorld } from "../samples/sigstoreWorld";
import { timestamper } from "../samples/timestampAuthority";
import { type SigstoreServer } from "./sigstoreServer";
import { startService, type Service } from "./service";
import { startTimestampServer } from "./timestamps";
import { install, rekorTiles } from "./tools";

/** The real Rekor v2 and a real timestamp authority, beside a world's Fulcio. */
export interface ModernSigstore {
  /** Rekor v2 alone, with the timestamp authority */
  readonly signingConfig: string;
  /** the world's, and both of these */
  readonly trustedRoot: string;
  close(): Promise<void>;
}

const logName = "rekor2.example";

/** Starts both on loopback. The timestamp authority answers 201 where told, as sigstore.dev's does. */
export async function startModernSigstore(
  world: SigstoreWorld,
  fulcio: SigstoreServer,
  { created = false } = {},
): Promise<ModernSigstore> {
  const key = generateKeyPairSync("ed25519");
  const above = createRoot({ name: "tsa root" });
  const chain = [timestamper(above), above];
  const rekor = await startRekor(key.privateKey);
  const tsa = await startTimestampServer(chain, { created });
  const start = new Date(world.clock.getTime() - 60_000).toISOString();
  const service = (url: string, majorApiVersion: number) => ({
    url,
    majorApiVersion,
    validFor: { start },
    operator: "test",
  });
  const root = JSON.parse(world.trustedRoot) as Record<string, unknown[]>;
  return {
    signingConfig: JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
      caUrls: [service(fulcio.origin, 1)],
      oidcUrls: [],
      rekorTlogUrls: [service(rekor.origin, 2)],
      rekorTlogConfig: { selector: "ANY" },
      tsaUrls: [service(tsa.url, 1)],
      tsaConfig: { selector: "ANY" },
    }),
    trustedRoot: JSON.stringify({
      ...root,
      tlogs: [...(root["tlogs"] ?? []), logOf(key.publicKey, start)],
      timestampAuthorities: [
        ...(root["timestampAuthorities"] ?? []),
        authorityOf(chain, start),
      ],
    }),
    close: async () => {
      await rekor.close();
      await tsa.close();
    },
  };
}

function startRekor(privateKey: KeyObject): Promise<Service> {
  return startService({
    binary: install(rekorTiles),
    files: { "log.pem": pemOf(privateKey) },
    ports: 3,
    ready: "/healthz",
    arguments: (folder, [http, grpc, metrics]) => [
      "serve",
      `--http-port=${http}`,
      `--grpc-port=${grpc}`,
      `--http-metrics-port=${metrics}`,
      `--hostname=${logName}`,
      `--signer-filepath=${folder}/log.pem`,
      `--storage-dir=${folder}/log`,
      "--checkpoint-interval=100ms",
      "--batch-max-age=50ms",
      "--log-level=error",
    ],
  });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** An Ed25519 log is known by the hash of its name and key, as signed notes are. */
function logOf(publicKey: KeyObject, start: string): object {
  const spki = publicKey.export({ type: "spki", format: "der" });
  const raw = spki.subarray(-32);
  const keyId = createHash("sha256")
    .update(`${logName}\n`)
    .update(Buffer.of(1))
    .update(raw)
    .digest("base64");
  return {
    baseUrl: `https://${logName}`,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: spki.toString("base64"),
      keyDetails: "PKIX_ED25519",
      validFor: { start },
    },
    logId: { keyId },
  };
}

function authorityOf(chain: readonly Issued[], start: string): object {
  return {
    subject: { organization: "test", commonName: "tsa" },
    uri: "https://tsa2.example",
    certChain: {
      certificates: chain.map(({ der }) => ({
        rawBytes: der.toString("base64"),
      })),
    },
    validFor: { start },
  };
}
