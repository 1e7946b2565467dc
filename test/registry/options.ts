/** What a user may do: patterns like `repository:team/*:pull,push`; `*` matches anything. */
export interface RegistryUser {
  readonly password: string;
  readonly allows: readonly string[];
  /** a refresh token that stands for this user at `POST /token` */
  readonly identityToken?: string;
}

/** How the embedded token server behaves. */
export interface TokenServerOptions {
  /** default 300 */
  readonly expiresIn?: number;
  /** several `scope` parameters: taken all (default), only the first, or answered 400 */
  readonly repeatedScopes?: "accept" | "firstOnly" | "refuse";
  /** whether `POST /token` is known (default true), else 405 */
  readonly post?: boolean;
  /** which field of the answer holds the token (default `token`) */
  readonly field?: "token" | "access_token" | "both";
}

/** What kind of registry to be. Every default is the distribution spec 1.1 in full. */
export interface RegistryOptions {
  /** default true; else 404, and no `OCI-Subject` */
  readonly referrersApi?: boolean;
  readonly auth?: "none" | "basic" | "token";
  /** default: `mirror` with password `secret`, who may do everything */
  readonly users?: Readonly<Record<string, RegistryUser>>;
  /** what somebody without a name may do (default nothing) */
  readonly anonymous?: readonly string[];
  readonly tokenServer?: TokenServerOptions;
  /** an index without some of its children: default refuse, as distribution does */
  readonly sparseIndex?: "accept" | "refuse";
  /** which missing blobs a manifest is refused for: all of them (default), the first one it names, or nothing but the config */
  readonly missingBlobs?: "all" | "first" | "config";
  /** default true; else `sha512:` digests are answered 400 */
  readonly sha512?: boolean;
  /** default true; else a mount is answered 202, as a new upload */
  readonly mount?: boolean;
  /** default true; else `POST ?digest=` is answered 202 and its body ignored, as distribution does */
  readonly singlePost?: boolean;
  /** default true; else a `Range` header is ignored */
  readonly ranges?: boolean;
  /** the most entries in a page of tags, referrers or catalog */
  readonly pageSize?: number;
  /** default true; else 405 */
  readonly deleteTags?: boolean;
  /** default true; else 405 for every DELETE but that of an upload */
  readonly deletes?: boolean;
  /** a tag that exists cannot be written again: 412 as Harbor says it, or 400 as ECR does, even for the same digest */
  readonly immutableTags?: false | "harbor" | "ecr";
  /** a manifest whose type is not in `Accept` is answered 404 (default false); distribution is strict about OCI manifests alone */
  readonly strictAccept?: boolean | "distribution";
  /** default `create`; with `refuse` a repository must be made by `createRepository` */
  readonly missingRepositories?: "create" | "refuse";
  /** default absolute */
  readonly locations?: "absolute" | "relative";
  /** serve https with a self-signed certificate; its PEM is `caPem` */
  readonly tls?: boolean;
  /** the least bytes of a chunk but the last, told as `OCI-Chunk-Min-Length` */
  readonly chunkMinLength?: number;
  /** default 4 MiB */
  readonly maxManifestBytes?: number;
}
