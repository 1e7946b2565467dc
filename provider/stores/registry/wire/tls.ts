import { readFileSync } from "node:fs";
import {
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
} from "node:tls";
import type { RegistrySettings } from "../settings";
import type { Environment } from "./proxies";
import { NoAnswer } from "./wireError";

/** What a host's settings mean for TLS. A client's key is read here, and lives in memory only (W12). */
export function tlsOptionsOf(
  settings: RegistrySettings,
  environment: Environment,
): ConnectionOptions {
  const { caPem, clientCertPem } = settings;
  return {
    rejectUnauthorized: settings.skipTlsVerify !== true,
    ...(caPem === undefined ? {} : { ca: caPem }),
    ...(clientCertPem === undefined
      ? {}
      : { cert: clientCertPem, key: clientKey(settings, environment) }),
  };
}

/** One context for all connections to a host: making one reads every root certificate. */
export function secureContextOf(
  { ca, cert, key }: ConnectionOptions,
  host: string,
): SecureContext {
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  } catch {
    // what OpenSSL says of a key is nothing that a user could act on
    throw unusable(
      host,
      "its certificates, or the client's key, are not PEM, or do not belong together",
    );
  }
}

function clientKey(
  { host, clientKeyEnv, clientKeyFile = "" }: RegistrySettings,
  environment: Environment,
): string {
  if (clientKeyEnv === undefined) return readKey(host, clientKeyFile);
  const key = environment[clientKeyEnv];
  if (key !== undefined && key !== "") return key;
  throw unusable(
    host,
    `the environment variable ${clientKeyEnv}, which should hold the client's key, is not set`,
  );
}

function readKey(host: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw unusable(host, `the client's key cannot be read from ${path}`);
  }
}

function unusable(host: string, why: string): NoAnswer {
  return new NoAnswer(
    {
      fault: "invalid",
      code: "TLS",
      why,
      remedy:
        "mend `caPem`, `clientCertPem` and its key in the provider's `registries`",
      retryable: false,
    },
    { what: `could not reach ${host}`, where: {} },
  );
}
