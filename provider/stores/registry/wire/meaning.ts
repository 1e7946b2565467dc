import type { Code, Fault } from "../../../mirror/errors";

/** What it means that no answer came, and what to do about it. */
export interface Meaning {
  readonly fault: Fault;
  readonly code: Code;
  readonly remedy: string;
  readonly retryable: boolean;
  /** what the host does, in our words; then the system's own are left out */
  readonly says?: string;
}

/** The network's failure, where nothing more is known. */
export const lost: Meaning = {
  fault: "unreachable",
  code: "NETWORK",
  remedy: "check the host's name, the network and its proxy, then try again",
  retryable: true,
};
const misused: Meaning = {
  ...lost,
  fault: "corrupt",
  code: "PROTOCOL",
  remedy: "check what the host runs",
  retryable: false,
};
const untrusted: Meaning = {
  fault: "unreachable",
  code: "TLS",
  remedy:
    "set `caPem` for this host in the provider's `registries`, or mend its certificate",
  retryable: false,
};
const unknownAuthority: Meaning = {
  ...untrusted,
  says: "has a certificate of an authority that is not trusted here",
  remedy:
    "set `caPem` for this host in the provider's `registries` to that authority's certificate",
};
const ledAstray: Meaning = {
  fault: "corrupt",
  code: "REDIRECT_REFUSED",
  remedy: "add that host to the provider's `registries` if it is meant",
  retryable: false,
};

const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^ADDRESS_REFUSED$/, ledAstray],
  [
    /^ENOTFOUND$/,
    {
      ...lost,
      says: "is a name that DNS does not know here",
      remedy: "check the host's name, and this machine's DNS",
    },
  ],
  [
    /^EAI_AGAIN$/,
    {
      ...lost,
      says: "could not be looked up: DNS gave no answer",
      remedy: "check this machine's network and DNS, then try again",
    },
  ],
  [
    /^ECONNREFUSED$/,
    {
      ...lost,
      says: "refuses connections",
      remedy: "check that it runs, its name and its port, then try again",
    },
  ],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/,
    {
      ...untrusted,
      says: "does not speak TLS at this port",
      remedy:
        "check the port and what stands before it; if the host is to be asked in clear, set `plainHttp` for it in the provider's `registries`",
    },
  ],
  [/^(UNABLE_TO_(VERIFY|GET_ISSUER)|SELF_SIGNED|DEPTH_ZERO)/, unknownAuthority],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      ...untrusted,
      says: "has a certificate that has expired",
      remedy: "have it renewed",
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    {
      ...untrusted,
      says: "has a certificate that is not valid yet",
      remedy: "check this machine's clock, and that certificate",
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      ...untrusted,
      remedy: "use the name that its certificate is for, or mend it",
    },
  ],
  [
    /^ERR_SSL_.*CERTIFICATE_REQUIRED$/,
    {
      ...untrusted,
      says: "wants a client certificate",
      remedy:
        "set `clientCertPem`, and `clientKeyFile` or `clientKeyEnv`, for this host in the provider's `registries`",
    },
  ],
  [
    /^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA)/,
    {
      ...untrusted,
      says: "does not accept our client certificate",
      remedy: "check the host's `clientCertPem` in the provider's `registries`",
    },
  ],
  [
    /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|UND_ERR_PRX_TLS)/,
    untrusted,
  ],
  [
    /^(HTTP_BROKEN_|HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|UND_ERR_RES_EXCEEDED)/,
    misused,
  ],
];

/** What a system's, TLS's or client's error code means; the first line that fits. */
export function meaningOf(code: string): Meaning {
  return meanings.find(([pattern]) => pattern.test(code))?.[1] ?? lost;
}
