import { registrySettings } from "../../../provider/stores/registry/settings";

test("a private key among the certificates is refused, because registries are never secret, and is not repeated", () => {
  const caPem = [
    "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----",
  ].join("\n");
  const read = registrySettings.safeParse({ host: "h", caPem });
  expect(read.success).toBe(false);
  expect(read.error?.message).toContain("private key");
  expect(read.error?.message).not.toContain("c2VjcmV0");
});

const certificate =
  "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";

test.each([
  ["a client's key among its certificates", { clientCertPem: "PRIVATE KEY" }],
  ["a client's certificate without a key", { clientCertPem: certificate }],
  ["a client's key without a certificate", { clientKeyEnv: "KEY" }],
  [
    "a client's key twice",
    { clientCertPem: certificate, clientKeyEnv: "KEY", clientKeyFile: "key" },
  ],
  ["a key where the name of a variable belongs", { clientKeyEnv: "-----" }],
  [
    "a key where the path of its file belongs",
    {
      clientCertPem: certificate,
      clientKeyFile: "-----BEGIN PRIVATE KEY-----\ncanary",
    },
  ],
  ["the path of a certificate where its text belongs", { caPem: "canary.pem" }],
  ["a proxy with a password", { proxy: "http://user:canary@proxy:3128" }],
  ["a proxy with a user", { proxy: "http://user@proxy:3128" }],
  ["a proxy that is no URL", { proxy: "proxy:3128" }],
  ["a proxy of another kind", { proxy: "socks5://proxy:1080" }],
  ["two proxies", { proxy: "none", proxyEnv: "PROXY" }],
])("W12, W14: %s is refused, and not repeated", (_, settings) => {
  const read = registrySettings.safeParse({ host: "h", ...settings });
  expect(read.success).toBe(false);
  expect(read.error?.message).not.toContain("canary");
});

test.each([
  { clientCertPem: certificate, clientKeyEnv: "KEY" },
  { clientCertPem: certificate, clientKeyFile: "/run/secrets/key.pem" },
  { proxy: "none" },
  { proxy: "http://proxy.example:3128" },
  { proxyEnv: "CORP_PROXY" },
])("a host may be reached so: %j", (settings) => {
  const read = registrySettings.safeParse({ host: "h", ...settings });
  expect(read.success).toBe(true);
});
