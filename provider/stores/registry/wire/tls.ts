import {
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
} from "node:tls";
import type { RegistrySettings } from "../settings";

/** What a host's settings mean for TLS. */
export function tlsOptionsOf(settings: RegistrySettings): ConnectionOptions {
  return {
    rejectUnauthorized: settings.skipTlsVerify !== true,
    ...(settings.caPem === undefined ? {} : { ca: settings.caPem }),
  };
}

/** One context for all connections to a host: making one reads every root certificate. */
export function secureContextOf(options: ConnectionOptions): SecureContext {
  const { ca, cert, key } = options;
  return createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}
