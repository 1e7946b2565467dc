import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import { preAuthentication } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import { codeOf, evidenceOf, type Editable } from "./world";

const subject = image().descriptor;
const signer = keySigner();
const input: AuthorityInput = {
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" },
};
const other = image({ seed: "other" }).descriptor;
const [, hex = ""] = subject.digest.split(":");
const statementType = "https://in-toto.io/Statement/v1";
const inToto = "application/vnd.in-toto+json";
const predicateType = "https://spdx.dev/Document";
const judged = (layer: Blob) => codeOf(input, evidenceOf(subject, layer));

function envelope(payload: Buffer | string, type = inToto): Editable {
  const bytes = Buffer.from(payload);
  const sig = signer.sign(preAuthentication(type, bytes)).toString("base64");
  return {
    payloadType: type,
    payload: bytes.toString("base64"),
    signatures: [{ keyid: "", sig }],
  };
}

function attested(content: object): Blob {
  return {
    mediaType: "application/vnd.dsse.envelope.v1+json",
    bytes: Buffer.from(JSON.stringify(content)),
  };
}

const statement = (more: object = {}) => ({
  _type: statementType,
  subject: [{ name: "app", digest: { sha256: hex } }],
  predicateType,
  predicate: {},
  ...more,
});
const signed = (more: object) =>
  attested(envelope(JSON.stringify(statement(more))));

describe("statements", () => {
  test.each<[string, object]>([
    ["v1", {}],
    ["v0.1", { _type: "https://in-toto.io/Statement/v0.1" }],
    [
      "with other subjects beside ours",
      {
        subject: [
          { digest: { sha256: other.digest.slice(7) } },
          { digest: { sha256: hex } },
        ],
      },
    ],
    [
      "with other algorithms beside ours",
      { subject: [{ digest: { sha1: "00", sha256: hex } }] },
    ],
    ["without a predicate", { predicate: undefined }],
    [
      "with members that are no prototype",
      JSON.parse('{"predicate":{"__proto__":{"polluted":1}}}'),
    ],
  ])("a statement %s is vouched for", async (_, more) => {
    expect(await judged(signed(more))).toBe("OK");
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  test.each<[string, object]>([
    [
      "about another digest",
      { subject: [{ digest: { sha256: other.digest.slice(7) } }] },
    ],
    ["about nothing", { subject: [] }],
    ["by sha512 only", { subject: [{ digest: { sha512: hex } }] }],
    ["by sha1 only", { subject: [{ digest: { sha1: hex } }] }],
    ["in upper case", { subject: [{ digest: { sha256: hex.toUpperCase() } }] }],
    [
      "with the algorithm in the digest",
      { subject: [{ digest: { sha256: subject.digest } }] },
    ],
    ["with a null subject", { subject: [null] }],
    [
      "with a null subject beside ours",
      { subject: [null, { digest: { sha256: hex } }] },
    ],
    [
      "with a subject that has no digest",
      { subject: [{ name: subject.digest }] },
    ],
    [
      "with our digest in a predicate only",
      { subject: [], predicate: { subject: [{ digest: { sha256: hex } }] } },
    ],
  ])("T18: a statement %s is refused", async (_, more) => {
    expect(await judged(signed(more))).toBe("SUBJECT_MISMATCH");
  });

  const text = JSON.stringify(statement());
  test.each<[string, Buffer | string]>([
    ["that is not JSON", "hello"],
    ["that is no object", "[]"],
    ["with no _type", JSON.stringify(statement({ _type: undefined }))],
    [
      "with another _type",
      JSON.stringify(statement({ _type: "https://in-toto.io/Link/v1" })),
    ],
    [
      "with no predicate type",
      JSON.stringify(statement({ predicateType: undefined })),
    ],
    ["with no subject list", JSON.stringify(statement({ subject: {} }))],
    [
      "with a member twice",
      text.replace("{", `{"predicateType":"https://slsa.dev/provenance/v1",`),
    ],
    [
      "with members that differ in case",
      text.replace("{", `{"PredicateType":"https://slsa.dev/provenance/v1",`),
    ],
    [
      "with a predicate that only some readers see",
      JSON.stringify(statement({ predicate: undefined, Predicate: {} })),
    ],
    ["with a byte order mark", `\ufeff${text}`],
    ["with text behind it", `${text}{}`],
    [
      "with invalid UTF-8",
      Buffer.concat([
        Buffer.from(text.slice(0, -1)),
        Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      ]),
    ],
    [
      "that is very deep",
      JSON.stringify(statement()).replace(
        "{}",
        "[".repeat(200) + "]".repeat(200),
      ),
    ],
  ])("T19: a payload %s is refused", async (_, payload) => {
    expect(await judged(attested(envelope(payload)))).toBe("MALFORMED");
  });

  test("T20: a changed payload type breaks the signature or is refused", async () => {
    const content = { ...envelope(text), payloadType: "application/json" };
    expect(await judged(attested(content))).toBe("SIGNATURE_INVALID");
  });

  test.each([
    "application/json",
    "application/vnd.in-toto+jsön",
    "application/vnd.in-toto+json ",
  ])("T20: the payload type %s is refused", async (type) => {
    expect(await judged(attested(envelope(text, type)))).toBe("MALFORMED");
  });

  test.each([0, 2])(
    "T20: an envelope with %i signatures is refused",
    async (count) => {
      const content = envelope(text);
      const signatures = [...content.signatures, ...content.signatures].slice(
        0,
        count,
      );
      expect(await judged(attested({ ...content, signatures }))).toBe(
        "MALFORMED",
      );
    },
  );

  test("an envelope in URL-safe base64 is read as DSSE asks", async () => {
    const content = envelope(text);
    const [{ sig }] = content.signatures;
    const safe = Buffer.from(sig, "base64").toString("base64url");
    expect(
      await judged(attested({ ...content, signatures: [{ sig: safe }] })),
    ).toBe("OK");
  });

  test("T35: a statement with 1025 subjects is refused", async () => {
    const subjects = Array.from({ length: 1025 }, () => ({
      digest: { sha256: hex },
    }));
    expect(await judged(signed({ subject: subjects }))).toBe("LIMIT");
    expect(await judged(signed({ subject: subjects.slice(1) }))).toBe("OK");
  });

  test("T35: a subject with 33 digests is refused", async () => {
    const digests = (count: number) => ({
      sha256: hex,
      ...Object.fromEntries(
        Array.from({ length: count - 1 }, (_, i) => [`alg${i}`, "00"]),
      ),
    });
    expect(await judged(signed({ subject: [{ digest: digests(33) }] }))).toBe(
      "LIMIT",
    );
    expect(await judged(signed({ subject: [{ digest: digests(32) }] }))).toBe(
      "OK",
    );
  });
});
