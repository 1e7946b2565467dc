import { z } from "zod";

const holdsNoKey = (pem: string): boolean => !pem.includes("PRIVATE KEY");
const holdsCertificate = (pem: string): boolean =>
  pem.includes("-----BEGIN CERTIFICATE-----") || !holdsNoKey(pem);
const noCertificate =
  "holds no certificate: give the text of a PEM file, with its line `-----BEGIN CERTIFICATE-----`, not its path";
const keyAmongCertificates =
  "holds a private key: take it out, consider it leaked, and give certificates only";
const variable = (what: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      "must be the name of an environment variable",
    )
    .optional()
    .describe(what);

/** One entry of the provider's `registries`: how a host is reached. Nothing in it is secret. */
export const registrySettings = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^[a-z0-9.:[\]-]+$/,
        "must be a host name with an optional port, in lower case",
      )
      .describe(
        "The registry's host, with its port where it has one: `reg.example:5000`.",
      ),
    plainHttp: z
      .boolean()
      .optional()
      .describe(
        "Speak HTTP instead of HTTPS to this host. Never tried unless named here.",
      ),
    skipTlsVerify: z
      .boolean()
      .optional()
      .describe("Accept any certificate of this host. Prefer `caPem`."),
    caPem: z
      .string()
      .refine(holdsNoKey, keyAmongCertificates)
      .refine(holdsCertificate, noCertificate)
      .optional()
      .describe(
        "Certificate authorities to trust for this host, in PEM, instead of the system's.",
      ),
    clientCertPem: z
      .string()
      .refine(holdsNoKey, keyAmongCertificates)
      .refine(holdsCertificate, noCertificate)
      .optional()
      .describe(
        "The certificate, with its intermediates, by which this host knows us (mutual TLS), in PEM. Its key comes by `clientKeyEnv` or `clientKeyFile`.",
      ),
    clientKeyEnv: variable(
      "The environment variable that holds the private key of `clientCertPem`, in PEM.",
    ),
    clientKeyFile: z
      .string()
      .min(1)
      .refine(
        holdsNoKey,
        "holds the key itself: consider it leaked, put a new one into a file, and give the file's path",
      )
      .optional()
      .describe(
        "The file that holds the private key of `clientCertPem`, in PEM. It is read at the moment of use, and never kept.",
      ),
    proxy: z
      .string()
      .refine(
        isProxyWord,
        'must be "none", or http://host:port without a user name: with one, name a variable in `proxyEnv`',
      )
      .optional()
      .describe(
        'The HTTP proxy before this host, instead of what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say: `http://proxy.example:3128`, or "none".',
      ),
    proxyEnv: variable(
      "The environment variable that holds the URL of the proxy before this host, with its user name and password.",
    ),
    trustedRealms: z
      .array(z.string())
      .optional()
      .describe(
        "Hosts, with port, of token servers that may see this registry's credential, besides the registry itself.",
      ),
    minRemaining: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        "How many requests of this host's rate limit are left to others: when its answers say that no more than these remain, what is begun is finished, and nothing new is asked.",
      ),
  })
  .refine(
    ({ clientCertPem, clientKeyEnv, clientKeyFile }) => {
      const keys = [clientKeyEnv, clientKeyFile].filter(Boolean).length;
      return keys === (clientCertPem === undefined ? 0 : 1);
    },
    {
      message:
        "clientCertPem needs exactly one of clientKeyEnv, clientKeyFile beside it, and neither stands without it",
      path: ["clientCertPem"],
    },
  )
  .refine(
    ({ proxy, proxyEnv }) => proxy === undefined || proxyEnv === undefined,
    { message: "stands beside proxyEnv: leave one", path: ["proxy"] },
  )
  .meta({ id: "Registry", description: "How one host is reached." });

function isProxyWord(text: string): boolean {
  if (text === "none") return true;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}

/** One entry as a user writes it. */
export type RegistrySettings = z.infer<typeof registrySettings>;

/** The settings of one host; an unlisted host has none. */
export function settingsOf(
  registries: readonly RegistrySettings[],
  host: string,
): RegistrySettings {
  return registries.find((registry) => registry.host === host) ?? { host };
}
