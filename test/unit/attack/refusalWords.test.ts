import { MirrorError } from "../../../provider/mirror/errors";
import { refusal } from "../../../provider/mirror/refusal";
import type { Verdict } from "../../../provider/mirror/ports";
import { digestOf } from "../../../provider/oci/digest";

const digest = digestOf(Buffer.from("evidence"));
const forged = "evil\n  signedBy: OK\u001b[32m\u202e\r\u2028passed";

/** The red message about one signature whose every foreign word is the given one. */
function messageOf(word: string): string {
  const verdict: Verdict = {
    outcome: "failed",
    requirement: "signedBy",
    blocks: true,
    code: "IDENTITY_MISMATCH",
    reason: word,
    satisfiedBy: [],
    reliedOn: [],
    looked: [
      {
        evidence: digest,
        format: word,
        authority: "signedBy[0].keyless",
        code: "IDENTITY_MISMATCH",
        reason: word,
        seen: { identity: word, issuer: word },
      },
    ],
  };
  const discovered = {
    manifests: [],
    evidence: [],
    inside: [],
    listed: [],
    ignored: [{ digest, code: "LIMIT" as const, reason: word }],
  };
  const policy = {
    digest: "sha256:p",
    coverage: "root" as const,
    requirements: [],
  };
  return new MirrorError({
    fault: "refused",
    code: "REFUSED",
    ...refusal({ discovered, policy }, [verdict]),
  }).message;
}

test("an identity in a signature cannot write lines of its own into the refusal", () => {
  const [plain, attacked] = [messageOf("evil"), messageOf(forged)];
  expect(attacked.split("\n")).toHaveLength(plain.split("\n").length);
  expect(attacked.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
});

test("an identity of a megabyte does not make a message of a megabyte", () => {
  expect(messageOf("x".repeat(1_000_000)).length).toBeLessThan(5_000);
});

test("an error's foreign words stay on its one line", () => {
  const { message } = new MirrorError({
    fault: "corrupt",
    code: "PROTOCOL",
    what: "could not read",
    why: `the key ${forged}`,
    remedy: "mend it",
  });
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
});
