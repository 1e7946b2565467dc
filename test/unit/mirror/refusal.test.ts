import { digestOf } from "../../../provider/oci/digest";
import type { Ignored } from "../../../provider/mirror/evidenceLayers";
import type { Looked, Verdict } from "../../../provider/mirror/ports";
import { refusal, signerText } from "../../../provider/mirror/refusal";
import { policy, requirement } from "./policies";

const digest = digestOf(Buffer.from("evidence"));
const issuer = "https://issuer.example";

function looked(more: Partial<Looked> = {}): Looked {
  return {
    evidence: digest,
    format: "example",
    authority: "signedBy[0].keyless",
    code: "IDENTITY_MISMATCH",
    reason: "somebody else",
    seen: { issuer, identity: "me" },
    ...more,
  };
}

function verdict(more: Partial<Verdict> = {}): Verdict {
  return {
    outcome: "failed",
    requirement: "signedBy",
    blocks: true,
    code: "IDENTITY_MISMATCH",
    reason: "somebody else",
    satisfiedBy: [],
    reliedOn: [],
    looked: [],
    ...more,
  };
}

function linesOf(
  verdicts: readonly Verdict[],
  ignored: readonly Ignored[] = [],
): string[] {
  const discovered = {
    manifests: [],
    evidence: [],
    inside: [],
    listed: [],
    ignored,
  };
  const by = policy(requirement());
  const { why, remedy } = refusal({ discovered, policy: by }, verdicts);
  return `${why}\n  ${remedy}`.split("\n");
}

const many = <Item>(count: number, make: (at: number) => Item) =>
  Array.from({ length: count }, (_, at) => make(at));

test("a refusal names the requirement, whom it wanted, what was looked at, and the line that would name the signer", () => {
  expect(linesOf([verdict({ looked: [looked()] })])).toEqual([
    "signedBy IDENTITY_MISMATCH",
    "  signedBy: somebody else (IDENTITY_MISMATCH)",
    "    wanted: signedBy[0].word: the word good",
    `    - example ${digest}, signed by me (${issuer}): signedBy[0].keyless: somebody else (IDENTITY_MISMATCH)`,
    `      to name this signer: keyless: { issuer: "${issuer}", identity: "me" }`,
    "  if the identity seen above is the right one, put it into the policy; otherwise do not use this artifact",
  ]);
});

test.each([
  [
    "one that Fulcio certified",
    { issuer, identity: 'a"b' },
    `keyless: { issuer: "${issuer}", identity: "a\\"b" }`,
  ],
  [
    "one of a certificate for long",
    { identity: "mail@example" },
    'identity: "mail@example"',
  ],
  [
    "one of a Notary Project signature",
    { subject: "CN=me,O=acme" },
    'trustedIdentities: ["x509.subject: CN=me,O=acme"]',
  ],
])("the identity seen is ready to be pasted: %s", (_, seen, words) => {
  expect(linesOf([verdict({ looked: [looked({ seen })] })])).toContain(
    `      to name this signer: ${words}`,
  );
});

test.each([
  ["whose signature is not valid", looked({ code: "SIGNATURE_INVALID" })],
  ["of whom nothing is known", looked({ seen: {} })],
  ["who is not seen", looked({ seen: undefined })],
  [
    "whom the policy names",
    looked({ seen: { issuer, identity: "the word good" } }),
  ],
])("nobody is told to trust a signer %s", (_, one) => {
  const lines = linesOf([verdict({ looked: [one] })]);
  expect(lines.join()).not.toContain("to name this signer");
});

test("a signer is offered once, and not more than three are", () => {
  const twice = linesOf([verdict({ looked: [looked(), looked()] })]);
  const crowd = many(9, (at) =>
    looked({ seen: { issuer, identity: `${at}` } }),
  );
  const offers = (lines: readonly string[]) =>
    lines.filter((line) => line.includes("to name this signer"));
  expect(offers(twice)).toHaveLength(1);
  expect(offers(linesOf([verdict({ looked: crowd })]))).toHaveLength(3);
});

test.each([1, 2, 6, 7, 40])(
  "%d requirements that failed, with all that may be said, are told in at most 40 lines",
  (count) => {
    const crowd = many(20, (at) =>
      looked({ seen: { issuer, identity: `${at}` } }),
    );
    const notes = many(20, (at) => `note ${at}`);
    const failed = many(count, (at) =>
      verdict({
        requirement: at === 0 ? "signedBy" : `attestations[${at}]`,
        code: at % 2 === 0 ? "NO_EVIDENCE" : "COVERAGE",
        looked: crowd,
        notes,
      }),
    );
    const warned = many(9, () => verdict({ blocks: false }));
    const ignored = many(9, () => ({
      digest,
      code: "LIMIT" as const,
      reason: "too large",
    }));
    const lines = linesOf([...failed, ...warned], ignored);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.join("\n")).toContain("… and 7 more");
    for (const at of [0, count - 1]) {
      const name = at === 0 ? "signedBy" : `attestations[${at}]`;
      expect(lines.slice(1).join("\n")).toContain(name);
    }
  },
);

test("what is cut is counted", () => {
  const crowd = many(50, () => looked({ seen: undefined }));
  const lines = linesOf([verdict({ looked: crowd })]);
  const shown = lines.filter((line) => line.startsWith("    - ")).length;
  expect(lines).toContain(`    … and ${50 - shown} more`);
});

test("what no authority looked at has a reason, and nobody before it", () => {
  const lines = linesOf([verdict({ looked: [looked({ authority: "" })] })]);
  expect(lines[3]).toBe(
    `    - example ${digest}, signed by me (${issuer}): somebody else (IDENTITY_MISMATCH)`,
  );
});

test("what only warns is told, too", () => {
  const warned = verdict({ requirement: "attestations[0]", blocks: false });
  expect(linesOf([verdict(), warned])).toContain(
    "  attestations[0] (only warns): somebody else (IDENTITY_MISMATCH)",
  );
});

test("what was seen besides is told", () => {
  const lines = linesOf([verdict({ notes: ["only logged: it has expired"] })]);
  expect(lines).toContain("    note: only logged: it has expired");
});

test.each([
  ["NO_EVIDENCE", /ask the publisher to sign this digest/],
  ["PREDICATE_MISSING", /that attestation/],
  ["COVERAGE", /coverage: "root"/],
  ["NOTATION_IDENTITY", /put it into the policy/],
  ["TRUST_OUTDATED", /trustRefresh: "tuf"/],
  ["TLOG_MISSING", /tlog: "not-required"/],
  ["REVOKED", /revoked/],
  ["UNSIGNED", /index around it/],
  ["REVOCATION_UNKNOWN", /revocation: "offline"/],
  ["TOO_OLD", /maxAge/],
  ["POLICY", /correct the condition/],
  ["PLUGIN_TIMEOUT", /see to the plugin/],
  ["NOTATION_NOT_ENFORCED", /proves nothing/],
  ["SIGNATURE_INVALID", /another key now.*do not use this artifact until/],
  ["CERT_INVALID", /certificate that is valid/],
  ["TLOG_INVALID", /trusted_root\.json.*do not use this artifact until/],
  ["SUBJECT_MISMATCH", /^ *do not use this artifact until the publisher/],
])("what to do about %s", (code, remedy) => {
  expect(linesOf([verdict({ code })]).at(-1)).toMatch(remedy);
});

test("G8: what could not be asked is to be asked again", () => {
  const unasked = verdict({ outcome: "inconclusive", code: "NETWORK" });
  expect(linesOf([unasked]).at(-1)).toMatch(/could not ask .*try again/);
});

test.each([
  [{ keyId: "sha256:k" }, "key sha256:k"],
  [{ identity: "me" }, "me (issuer unknown)"],
  [{ subject: "CN=me" }, "CN=me"],
  [{}, "nobody known"],
])("a signer is named by what is known: %j", (signer, text) => {
  expect(signerText(signer)).toBe(text);
});

test.each([
  'its runnerEnvironment is "self-hosted", wanted "github-hosted"',
  'its certificate has no sourceRepositoryRef, wanted "refs/heads/main"',
])(
  "a signer who lacks something besides his name is not offered by his name: %s",
  (reason) => {
    const lines = linesOf([verdict({ looked: [looked({ reason })] })]);
    expect(lines.join()).not.toContain("to name this signer");
  },
);

test("what could not be asked is not called refused", () => {
  const said = (...outcomes: Verdict["outcome"][]) =>
    refusal(
      {
        discovered: {
          manifests: [],
          evidence: [],
          inside: [],
          listed: [],
          ignored: [],
        },
        policy: policy(requirement()),
      },
      outcomes.map((outcome) => verdict({ outcome })),
    ).what;
  expect(said("inconclusive")).toBe("could not be judged");
  expect(said("inconclusive", "failed")).toBe("refused by policy");
  expect(said()).toBe("refused by policy");
});
