import { image } from "../../samples/artifacts";
import {
  notationSigner,
  statementOf,
  trusting,
  trustPolicyOf,
  type NotationForm,
} from "../../samples/notation";
import type { EnvelopeWish } from "../../samples/notationEnvelope";
import { notarized } from "./notarized";
import { codeOf, verdictOn } from "./world";

const subject = image().descriptor;
const signer = notationSigner();
const forms: readonly NotationForm[] = ["jws", "cose"];
const minuteMs = 60_000;

/** What the trusting policy says of an envelope of ours. */
const codeOfWish = (form: NotationForm, wish: EnvelopeWish) =>
  codeOf(trusting(signer), notarized(subject, signer, { form, ...wish }));

describe.each(forms)("a signature in %s", (form) => {
  test("is vouched for, with signer, format, statement and end", async () => {
    const expiry = new Date(Date.now() + 60 * minuteMs);
    const answer = await verdictOn(
      trusting(signer),
      notarized(subject, signer, { form, expiry }),
    );
    expect(answer).toMatchObject({
      outcome: "authenticated",
      format: `notation-${form}`,
      signer: {
        keyId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        subject: "CN=release,O=acme,ST=WA,C=US",
      },
      times: [],
      notes: ['statement "prod" of the trust policy, level strict'],
      validUntil: new Date(Math.floor(expiry.getTime() / 1000) * 1000),
    });
  });

  test("without an expiry ends with its certificates, which were judged now", async () => {
    const end = new Date(Math.floor(Date.now() / 1000) * 1000 + 60 * minuteMs);
    const short = notationSigner({ validity: [new Date(0), end] });
    const evidence = notarized(subject, short, { form });
    expect(await verdictOn(trusting(short), evidence)).toMatchObject({
      validUntil: end,
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["size", { size: subject.size + 1 }],
    [
      "mediaType",
      { mediaType: "application/vnd.docker.distribution.manifest.v2+json" },
    ],
    ["digest", { digest: `sha256:${"0".repeat(64)}` }],
  ])("T30: another %s gives SUBJECT_MISMATCH", async (_, target) => {
    expect(await codeOfWish(form, { target })).toBe("SUBJECT_MISMATCH");
  });

  test.each([
    ["duplicate members", '{"targetArtifact":{},"targetArtifact":{}}'],
    [
      "members that differ in case",
      '{"targetArtifact":{},"TargetArtifact":{}}',
    ],
    ["a misspelt member", JSON.stringify({ TargetArtifact: subject })],
    ["no target", "{}"],
    [
      "a size with a fraction",
      JSON.stringify({ targetArtifact: subject }).replace(
        `${subject.size}`,
        `${subject.size}.0`,
      ),
    ],
    ["no JSON", "targetArtifact"],
  ])("a payload with %s is MALFORMED", async (_, text) => {
    const payload = Buffer.from(text);
    expect(await codeOfWish(form, { payload })).toBe("MALFORMED");
  });

  test("user metadata in the payload does no harm", async () => {
    const target = { annotations: { "acme.build": "7" } };
    expect(await codeOfWish(form, { target })).toBe("OK");
  });
});

test("a statement whose identities nobody has says whom it saw, ready to be pasted", async () => {
  const identities = ["x509.subject: C=DE, ST=BE, O=acme"];
  const trustPolicy = trustPolicyOf(statementOf("prod", { identities }));
  const input = { notation: { ...trusting(signer).notation, trustPolicy } };
  expect(await verdictOn(input, notarized(subject, signer))).toMatchObject({
    code: "NOTATION_IDENTITY",
    reason:
      'the signer is "x509.subject: CN=release,O=acme,ST=WA,C=US", whom statement "prod" does not name',
  });
});
