import { z } from "zod";
import { unknown, type Values } from "../../../provider/mirror/lifecycle";
import { checkShape } from "../../../provider/verifiers/checkShape";
import { policySchema } from "../../../provider/verifiers/policy";
import { keySigner } from "../../samples/signers";

const resource = z.strictObject({ policy: policySchema });
const signedBy = [{ key: { publicKey: keySigner().publicKeyPem } }];
const failuresOf = (policy: unknown) =>
  checkShape(resource, { policy } as Values);

describe("values that are not known yet", () => {
  test.each<[string, unknown]>([
    ["the whole policy", unknown],
    ["all authorities", { signedBy: unknown }],
    ["one authority", { signedBy: [unknown] }],
    ["a key", { signedBy: [{ key: { publicKey: unknown } }] }],
    ["the settings of a key", { signedBy: [{ key: unknown }] }],
    [
      "an issuer",
      { signedBy: [{ keyless: { issuer: unknown, identity: "x" } }] },
    ],
    [
      "an identity",
      { signedBy: [{ keyless: { issuer: "x", identity: unknown } }] },
    ],
    ["a threshold", { signedBy, threshold: unknown }],
    ["a mode", { signedBy, signedByMode: unknown }],
    ["a reason", { unverified: unknown }],
    ["a type", { attestations: [{ type: unknown, by: signedBy }] }],
  ])("%s may be unknown", (_, policy) => {
    expect(failuresOf(policy)).toEqual([]);
  });

  test("what is wrong beside them is told all the same", () => {
    const policy = {
      signedBy: [
        { key: { publicKey: unknown } },
        { key: { publicKey: "x" } },
        {},
      ],
      treshold: 1,
    };
    expect(failuresOf(policy).map(({ property }) => property)).toEqual(
      expect.arrayContaining([
        "policy.signedBy[1].key.publicKey",
        "policy.signedBy[2]",
        "policy.treshold",
      ]),
    );
    expect(failuresOf(policy)).toHaveLength(3);
  });
});
