import type { Authenticated, Signer } from "../../../provider/mirror/ports";
import { distinctAuthorities } from "../../../provider/verifiers/requirements/distinct";
import { certifiedSigner } from "../../samples/certifiedSigner";
import { judge, keyOf, signed } from "../verifiers/judging";
import { leaf, middle, release, root } from "../verifiers/ownAuthority";

const by = (authority: string, signer: Signer) =>
  ({ authority, signer }) as unknown as Authenticated;
const issuer = "https://issuer.example";

describe("one person does not stand for two", () => {
  const [one, renewed] = [leaf, middle.issue(release)].map((issued) =>
    certifiedSigner(issued, middle, root),
  );
  const authority = (words: object) => ({
    certificate: { roots: [root.pem], tlog: "not-required" as const, ...words },
  });

  test("by a certificate that was renewed", async () => {
    const policy = {
      signedBy: [
        authority({ identity: "release@acme.example" }),
        authority({ identityPattern: ".*@acme\\.example" }),
      ],
      threshold: 2,
    };
    if (!one || !renewed) throw new Error("no signers");
    const evidence = [await signed(one), await signed(renewed)];
    const verdict = await judge(policy, evidence);
    expect(verdict.satisfiedBy).toHaveLength(4);
    expect(verdict).toMatchObject({ outcome: "failed", code: "THRESHOLD" });
  });

  test("by a certificate and the key in it", async () => {
    if (!one) throw new Error("no signer");
    const policy = {
      signedBy: [authority({ identity: "release@acme.example" }), keyOf(one)],
      threshold: 2,
    };
    const verdict = await judge(policy, [await signed(one)]);
    expect(verdict.outcome).toBe("failed");
  });

  test.each<[string, readonly Signer[], number]>([
    ["one key", [{ keyId: "a" }, { keyId: "a" }], 1],
    ["one subject", [{ keyId: "a", subject: "CN=x" }, { subject: "CN=x" }], 1],
    [
      "one key, then one subject",
      [
        { keyId: "a", subject: "CN=x" },
        { keyId: "b", subject: "CN=y" },
        { keyId: "b", subject: "CN=x" },
      ],
      1,
    ],
    [
      "no subject",
      [
        { keyId: "a", subject: "" },
        { keyId: "b", subject: "" },
      ],
      2,
    ],
    [
      "two issuers",
      [
        { issuer, identity: "x" },
        { issuer: `${issuer}/2`, identity: "x" },
      ],
      2,
    ],
  ])("counts %s", (_, signers, count) => {
    const vouched = signers.map((signer, i) => by(`signedBy[${i}]`, signer));
    expect(distinctAuthorities(vouched)).toBe(count);
    expect(distinctAuthorities(vouched.toReversed())).toBe(count);
  });
});
