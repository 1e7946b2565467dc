import type { Evidence } from "../../../provider/mirror/ports";
import { acme, notationSigner, trusting } from "../../samples/notation";
import { extensions } from "../../samples/pki";
import { notarized } from "./notarized";
import { verdictOn } from "./world";

import {
  answerAt,
  at,
  codeAt,
  forms,
  root,
  signer,
  stranger,
  subject,
  validity,
} from "./notationClock";

describe.each(forms)("a signature in %s", (form) => {
  const signed = (
    wish: Parameters<typeof notarized>[2] = {},
    by = signer,
  ): Evidence => notarized(subject, by, { form, signedAt: at(1), ...wish });
  test.each([
    ["strict", "NOTATION_EXPIRED"],
    ["permissive", "OK"],
  ])("T29: past its expiry, level %s says %s", async (level, code) => {
    const evidence = signed({ expiry: at(3) });
    const policy = trusting(signer, { level });
    expect(await codeAt(2, policy, evidence)).toBe("OK");
    expect(await codeAt(3, policy, evidence)).toBe(code);
  });

  test.each([
    ["strict", "NOTATION_TIMESTAMP"],
    ["permissive", "OK"],
  ])("with an expired certificate, level %s says %s", async (level, code) => {
    const policy = trusting(signer, { level });
    expect(await codeAt(25, policy, signed())).toBe(code);
    expect(await codeAt(-1, policy, signed())).toBe(code);
  });

  test("what is only logged stands in the notes, and bounds nothing", async () => {
    const policy = trusting(signer, { level: "permissive" });
    const answer = await answerAt(25, policy, signed({ expiry: at(3) }));
    expect(answer).toMatchObject({
      outcome: "authenticated",
      times: [],
      notes: [
        'statement "prod" of the trust policy, level permissive',
        "only logged: expiry: the signature has expired on 2026-01-01T03:00:00.000Z",
        expect.stringMatching(
          /^only logged: authenticTimestamp: certificate "CN=release,.*" is not valid now/,
        ),
      ],
    });
    expect(answer).not.toHaveProperty("validUntil");
  });

  test("an override changes what one check means", async () => {
    const evidence = signed({ expiry: at(3) });
    const lax = trusting(signer, { override: { expiry: "log" } });
    expect(await codeAt(4, lax, evidence)).toBe("OK");
    const hard = trusting(signer, {
      level: "permissive",
      override: { expiry: "enforce" },
    });
    expect(await codeAt(4, hard, evidence)).toBe("NOTATION_EXPIRED");
  });

  test("level audit lets nothing in, and shows what it would log", async () => {
    const policy = trusting(signer, { level: "audit" });
    const evidence = signed({ expiry: at(3) }, stranger);
    const answer = await answerAt(4, policy, evidence);
    expect(answer).toMatchObject({
      outcome: "rejected",
      code: "NOTATION_NOT_ENFORCED",
      reason: expect.stringMatching(
        /^statement "prod" \(level audit\).*authenticity: .*; expiry: /,
      ),
    });
    expect(await codeAt(2, policy, signed())).toBe("NOTATION_NOT_ENFORCED");
  });

  test("level audit lets nothing in, even where an override enforces the signer", async () => {
    const override = { authenticity: "enforce" };
    const policy = trusting(signer, { level: "audit", override });
    expect(await codeAt(2, policy, signed())).toBe("NOTATION_NOT_ENFORCED");
  });

  test("level audit still looks at the integrity", async () => {
    const policy = trusting(signer, { level: "audit" });
    const evidence = signed({ algorithm: "none" });
    expect(await codeAt(2, policy, evidence)).toBe("NOTATION_INTEGRITY");
  });

  test("an override that only logs who signed lets nothing in either", async () => {
    const override = { authenticity: "log" };
    for (const by of [signer, stranger]) {
      const code = await codeAt(
        2,
        trusting(signer, { override }),
        signed({}, by),
      );
      expect(code).toBe("NOTATION_NOT_ENFORCED");
    }
  });

  test("level skip lets nothing in, and reads nothing", async () => {
    const policy = trusting(signer, { level: "skip" });
    const evidence = signed({ algorithm: "none" });
    expect(await answerAt(2, policy, evidence)).toMatchObject({
      code: "NOTATION_NOT_ENFORCED",
      reason: expect.stringContaining("nothing was verified"),
    });
  });

  test("T29: a root in no store gives NOTATION_AUTHENTICITY, and shows whom it saw", async () => {
    expect(
      await verdictOn(trusting(signer), signed({}, stranger)),
    ).toMatchObject({
      code: "NOTATION_AUTHENTICITY",
      seen: { subject: "CN=release,O=acme,ST=WA,C=US" },
    });
  });

  test.each<[string, string, readonly (readonly [string, string])[]]>([
    ["has one part more", "OK", [...acme, ["OU", "tools"]]],
    ["lacks the common name", "OK", acme.slice(0, 3)],
    [
      "has another organisation",
      "NOTATION_IDENTITY",
      [
        ["C", "US"],
        ["ST", "WA"],
        ["O", "acme2"],
      ],
    ],
    [
      "has another case",
      "NOTATION_IDENTITY",
      [
        ["C", "US"],
        ["ST", "WA"],
        ["O", "Acme"],
      ],
    ],
    [
      "lacks the state",
      "NOTATION_IDENTITY",
      [
        ["C", "US"],
        ["O", "acme"],
      ],
    ],
    ["has two organisations", "NOTATION_IDENTITY", [...acme, ["O", "acme"]]],
    [
      "has a part without a name",
      "NOTATION_IDENTITY",
      [...acme, ["1.2.3.4", "x"]],
    ],
  ])("T29: a signer whose subject %s gives %s", async (_, code, name) => {
    const by = notationSigner({ name, validity }, root);
    expect(await codeAt(2, trusting(signer), signed({}, by))).toBe(code);
  });

  test("anybody under the store may sign where the trust policy says so", async () => {
    const by = notationSigner(
      { name: "nobody", validity, extensions: [extensions.keyUsage([0])] },
      root,
    );
    const policy = trusting(signer, { identities: ["*"] });
    expect(await codeAt(2, policy, signed({}, by))).toBe("OK");
  });
});
