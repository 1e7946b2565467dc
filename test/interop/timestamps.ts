import type { Issued } from "../samples/pki";
import { startService } from "./service";
import { install, timestampServer } from "./tools";

/** A real timestamp authority on loopback. */
export interface TimestampServer {
  /** where requests are posted */
  readonly url: string;
  /** PEM of what its chain leads to */
  readonly rootPem: string;
  close(): Promise<void>;
}

/** Starts one with a chain, the leaf first. It answers 201 where told, as sigstore.dev's does, else 200. */
export async function startTimestampServer(
  chain: readonly Issued[],
  { created = false } = {},
): Promise<TimestampServer> {
  const pems = chain.map(({ pem }) => pem);
  const key = chain[0]?.privateKey.export({ type: "pkcs8", format: "pem" });
  const service = await startService({
    binary: install(timestampServer),
    files: { "key.pem": `${key}`, "chain.pem": pems.join("") },
    ports: 1,
    ready: "/ping",
    arguments: (folder, [port]) => [
      "serve",
      "--host=127.0.0.1",
      `--port=${port}`,
      "--timestamp-signer=file",
      `--file-signer-key-path=${folder}/key.pem`,
      `--certificate-chain-path=${folder}/chain.pem`,
      "--disable-ntp-monitoring",
      ...(created ? ["--use-http-201"] : []),
    ],
  });
  return {
    url: `${service.origin}/api/v1/timestamp`,
    rootPem: pems.at(-1) ?? "",
    close: service.close,
  };
}
