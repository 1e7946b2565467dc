import type { Reach } from "./ports";

interface Found {
  /** a handle that is the same for the same secret, and says nothing about it */
  readonly id: string;
  /** which finder gave it, in words for messages */
  readonly source: string;
  /** who was asked before, and had none */
  readonly tried?: readonly string[];
}

/** What a registry may be shown. `identityToken` is exchanged for a token; `registryToken` is sent as it is. */
export type Credential = Found &
  (
    | {
        readonly kind: "basic";
        readonly username: string;
        readonly secret: string;
      }
    | { readonly kind: "identityToken"; readonly secret: string }
    | { readonly kind: "registryToken"; readonly secret: string }
    /** nobody had one, or a source says that there is to be none */
    | { readonly kind: "anonymous" }
  );

/**
 * Finds the one credential for `host/repository`; `undefined` means that none is configured, a broken source is thrown.
 * `refused` is what the registry has just refused: a finder that remembers asks its source again.
 */
export type FindCredential = (
  repository: string,
  reach: Reach,
  refused?: Credential,
) => Promise<Credential | undefined>;
