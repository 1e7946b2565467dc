import type { Evidence } from "../../../provider/mirror/ports";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import {
  statementOf,
  trusting,
  trustPolicyOf,
  type StatementWish,
} from "../../samples/notation";
import { createRoot } from "../../samples/pki";
import {
  stamp,
  timestamper,
  type TokenWish,
} from "../../samples/timestampAuthority";
import { der, integer, sequence } from "../../samples/derWriter";
import { notarized } from "./notarized";

import {
  answerAt,
  at,
  codeAt,
  forms,
  long,
  root,
  signer,
  subject,
} from "./notationClock";

const tsaRoot = createRoot({
  name: "tsa root",
  validity: long,
});
const tsa = timestamper(tsaRoot, { validity: long });
const otherTsa = createRoot();

/** A policy that takes timestamps by the authority. */
function timed(wish: StatementWish = {}, tsaPem = tsaRoot.pem): AuthorityInput {
  const stores = ["ca:acme", "tsa:time"];
  return {
    notation: {
      trustPolicy: trustPolicyOf(statementOf("prod", { stores, ...wish })),
      trustStores: { ca: { acme: [root.pem] }, tsa: { time: [tsaPem] } },
    },
  };
}

describe.each(forms)("a signature in %s", (form) => {
  const signed = (
    wish: Parameters<typeof notarized>[2] = {},
    by = signer,
  ): Evidence => notarized(subject, by, { form, signedAt: at(1), ...wish });
  const stamped = (token: TokenWish = {}) =>
    signed({ stamp: (bytes) => stamp(tsa, bytes, { time: at(2), ...token }) });

  test("a timestamp proves when it was signed, also after the certificate has ended", async () => {
    expect(await answerAt(1000, timed(), stamped())).toMatchObject({
      outcome: "authenticated",
      times: [{ time: at(2), source: "rfc3161" }],
    });
    expect(await answerAt(1000, timed(), stamped())).not.toHaveProperty(
      "validUntil",
    );
  });

  const minute = sequence(integer(60));
  test.each<[string, TokenWish]>([
    ["before the certificate began", { time: at(-2) }],
    ["after it had ended", { time: at(25) }],
    ["whose accuracy reaches before it", { time: at(0), accuracy: minute }],
    ["whose accuracy reaches behind it", { time: at(24), accuracy: minute }],
    ["that somebody else signed", { signedBy: otherTsa.privateKey }],
  ])("a timestamp %s does not count", async (_, token) => {
    expect(await codeAt(2, timed(), stamped(token))).toBe("NOTATION_TIMESTAMP");
  });

  test.each([
    ["over other bytes", signed({ stamp: () => stamp(tsa, Buffer.from("x")) })],
    ["that is none", signed({ stamp: () => der(0x30) })],
    ["that is absent", signed()],
  ])("a timestamp %s does not count", async (_, evidence) => {
    expect(await codeAt(2, timed(), evidence)).toBe("NOTATION_TIMESTAMP");
  });

  test("a timestamp by an authority of no store does not count", async () => {
    const code = await codeAt(2, timed({}, otherTsa.pem), stamped());
    expect(code).toBe("NOTATION_TIMESTAMP");
  });

  test("a timestamp that no store is named for proves nothing", async () => {
    const answer = await answerAt(2, trusting(signer), stamped());
    expect(answer).toMatchObject({ outcome: "authenticated", times: [] });
    expect(await codeAt(25, trusting(signer), stamped())).toBe(
      "NOTATION_TIMESTAMP",
    );
  });

  test("afterCertExpiry wants a timestamp only then", async () => {
    const policy = timed({ verifyTimestamp: "afterCertExpiry" });
    expect(await codeAt(2, policy, signed())).toBe("OK");
    expect(await codeAt(25, policy, signed())).toBe("NOTATION_TIMESTAMP");
    expect(await codeAt(25, policy, stamped())).toBe("OK");
  });

  describe("by a signing authority", () => {
    const scheme = "notary.x509.signingAuthority" as const;
    const input = (type: string): AuthorityInput => ({
      notation: {
        trustPolicy: trustPolicyOf(
          statementOf("prod", { stores: [`${type}:acme`] }),
        ),
        trustStores: { [type]: { acme: [root.pem] } },
      },
    });

    test("is dated by it", async () => {
      const answer = await answerAt(
        1000,
        input("signingAuthority"),
        signed({ scheme }),
      );
      expect(answer).toMatchObject({
        outcome: "authenticated",
        times: [{ time: at(1), source: "signing-authority" }],
      });
    });

    test("must have been made while the certificates were valid", async () => {
      const early = signed({ scheme, signedAt: at(-1) });
      const code = await codeAt(2, input("signingAuthority"), early);
      expect(code).toBe("NOTATION_TIMESTAMP");
    });

    test("T29: is not vouched for by a ca store, nor the other way round", async () => {
      const code = await codeAt(2, input("ca"), signed({ scheme }));
      expect(code).toBe("NOTATION_AUTHENTICITY");
      const other = await codeAt(2, input("signingAuthority"), signed());
      expect(other).toBe("NOTATION_AUTHENTICITY");
    });

    test.each([
      ["not critical", { critical: ["io.cncf.notary.signingScheme"] }],
      [
        "absent",
        {
          without: ["io.cncf.notary.authenticSigningTime"],
          critical: ["io.cncf.notary.signingScheme"],
        },
      ],
    ])("T29: its time must not be %s", async (_, wish) => {
      const code = await codeAt(
        2,
        input("signingAuthority"),
        signed({ scheme, ...wish }),
      );
      expect(code).toBe("NOTATION_INTEGRITY");
    });
  });
});
