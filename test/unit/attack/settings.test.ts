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
