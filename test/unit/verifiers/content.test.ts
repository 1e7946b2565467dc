import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import {
  dsseBundle,
  messageBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import {
  preAuthentication,
  signatureLayer,
} from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import {
  authorityOf,
  bundleLayer,
  changed,
  codeOf,
  evidenceOf,
  offline,
} from "./world";

const subject = image().descriptor;
const other = image({ seed: "other" }).descriptor;
const [, hex = ""] = subject.digest.split(":");
const signer = keySigner();
const statementType = "https://in-toto.io/Statement/v1";
const inToto = "application/vnd.in-toto+json";
const predicateType = "https://spdx.dev/Document";

let world: SigstoreWorld;
let input: AuthorityInput;
beforeAll(async () => {
  world = await createSigstoreWorld();
  const trustedRoots = [world.trustedRoot];
  input = {
    key: { publicKey: signer.publicKeyPem, trustedRoots, tlog: "not-required" },
  };
});

const judged = (layer: Blob) => codeOf(input, evidenceOf(subject, layer));

function envelope(
  payload: Buffer | string,
  type = inToto,
): Record<string, any> {
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
    expect(await judged(attested(content))).toBe("MALFORMED");
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

describe("legacy payloads", () => {
  const payload = {
    critical: {
      identity: { "docker-reference": "registry.example/acme/app" },
      image: { "docker-manifest-digest": subject.digest },
      type: "cosign container image signature",
    },
    optional: null,
  };

  function signature(text: string, more: object = {}): Blob {
    const bytes = Buffer.from(text);
    return {
      mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
      bytes,
      annotations: {
        "dev.cosignproject.cosign/signature": signer
          .sign(bytes)
          .toString("base64"),
        ...more,
      },
    };
  }
  const text = JSON.stringify(payload);

  test("T23: the payload as cosign writes it is vouched for", async () => {
    expect(await judged(signature(text))).toBe("OK");
  });

  test("T23: the payload of another image is refused", async () => {
    expect(
      await judged(signature(text.replace(subject.digest, other.digest))),
    ).toBe("SUBJECT_MISMATCH");
  });

  test.each<[string, string]>([
    [
      "another type",
      text.replace(
        "cosign container image signature",
        "atomic container signature",
      ),
    ],
    [
      "the digest's name in another case",
      text.replace("docker-manifest-digest", "Docker-manifest-digest"),
    ],
    [
      "the digest twice",
      text.replace(
        '"docker-manifest-digest"',
        `"docker-manifest-digest":"${other.digest}","docker-manifest-digest"`,
      ),
    ],
    [
      "the digest in two cases",
      text.replace(
        '"docker-manifest-digest"',
        `"Docker-Manifest-Digest":"${other.digest}","docker-manifest-digest"`,
      ),
    ],
    ["no digest", text.replace("docker-manifest-digest", "digest")],
    ["no JSON", "hello"],
  ])("T23: a payload with %s is refused", async (_, bad) => {
    expect(await judged(signature(bad))).toBe("MALFORMED");
  });

  test.each<[string, object]>([
    ["no signature", { "dev.cosignproject.cosign/signature": "" }],
    [
      "a signature that is not base64",
      { "dev.cosignproject.cosign/signature": "!!!!" },
    ],
    ["a bundle that is not JSON", { "dev.sigstore.cosign/bundle": "hello" }],
    [
      "a certificate that is none",
      { "dev.sigstore.cosign/certificate": "hello" },
    ],
    [
      "a timestamp that is not JSON",
      { "dev.sigstore.cosign/rfc3161timestamp": "hello" },
    ],
  ])("annotations with %s are refused", async (_, annotations) => {
    expect(await judged(signature(text, annotations))).toBe("MALFORMED");
  });

  test("T39: annotations named like prototypes have no effect", async () => {
    const more = JSON.parse('{"__proto__":"x","constructor":"y"}');
    expect(await judged(signature(text, more))).toBe("OK");
  });

  test("T3: bytes that are not the layer's are refused", async () => {
    const evidence = evidenceOf(subject, signature(text));
    const authority = await authorityOf(input);
    const bytes = Buffer.from(`${text} `);
    const answer = await authority.authenticate(
      { ...evidence, bytes },
      offline,
    );
    expect(answer).toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  test.each([
    ["registry.example/acme/app", "OK"],
    ["registry.example/acme/other", "REFERENCE_MISMATCH"],
    [undefined, "REFERENCE_MISMATCH"],
  ])(
    "an exact docker-reference is held against the source %s: %s",
    async (repository, code) => {
      const { key } = input;
      const strict = {
        key: key && { ...key, dockerReference: "exact" as const },
      };
      const authority = await authorityOf(strict, repository);
      const answer = await authority.authenticate(
        evidenceOf(subject, signature(text)),
        offline,
      );
      expect(answer.outcome === "authenticated" ? "OK" : answer.code).toBe(
        code,
      );
    },
  );

  test("Docker Hub's name in cosign's payloads is Docker Hub's", async () => {
    const hub = text.replace(
      "registry.example/acme/app",
      "index.docker.io/library/nginx",
    );
    const { key } = input;
    const strict = {
      key: key && { ...key, dockerReference: "exact" as const },
    };
    const authority = await authorityOf(strict, "docker.io/library/nginx");
    const answer = await authority.authenticate(
      evidenceOf(subject, signature(hub)),
      offline,
    );
    expect(answer.outcome).toBe("authenticated");
  });
});

describe("bundles", () => {
  type Change = (bundle: Record<string, any>) => void;
  const with33 = (item: unknown) => Array.from({ length: 33 }, () => item);

  async function bundle(change: Change): Promise<Blob> {
    const bytes = await dsseBundle(subject, signer, {
      predicateType: signPredicate,
      log: world,
      timestamp: world,
    });
    return bundleLayer(changed(bytes, change));
  }

  test.each<[string, Change]>([
    [
      "both contents",
      (b) =>
        (b.messageSignature = {
          messageDigest: { algorithm: "SHA2_256", digest: "AA==" },
          signature: "AA==",
        }),
    ],
    ["neither content", (b) => delete b.dsseEnvelope],
    [
      "an unknown version",
      (b) => (b.mediaType = "application/vnd.dev.sigstore.bundle.v0.9+json"),
    ],
    [
      "a signature that is not base64",
      (b) => (b.dsseEnvelope.signatures[0].sig = "!!!!"),
    ],
    [
      "base64 with bits too many",
      (b) => (b.verificationMaterial.tlogEntries[0].logId.keyId = "AB=="),
    ],
    [
      "a negative log index",
      (b) => (b.verificationMaterial.tlogEntries[0].logIndex = "-1"),
    ],
    [
      "a log index in words",
      (b) => (b.verificationMaterial.tlogEntries[0].logIndex = "one"),
    ],
    ["a member nobody knows", (b) => (b.verificationMaterial.trustMe = true)],
    [
      "two kinds of signer",
      (b) => (b.verificationMaterial.certificate = { rawBytes: "AA==" }),
    ],
    ["no signer", (b) => delete b.verificationMaterial.publicKey],
    [
      "a proof without a checkpoint",
      (b) =>
        delete b.verificationMaterial.tlogEntries[0].inclusionProof.checkpoint,
    ],
    [
      "a body that is not JSON",
      ({ verificationMaterial: { tlogEntries } }) => {
        tlogEntries[0].canonicalizedBody = "AAAA";
        delete tlogEntries[0].inclusionPromise;
      },
    ],
  ])("T27: a bundle with %s is refused", async (_, change) => {
    const publicKey = signer.publicKeyPem;
    const strict = { key: { publicKey, trustedRoots: [world.trustedRoot] } };
    const evidence = evidenceOf(subject, await bundle(change));
    expect(await codeOf(strict, evidence)).toBe("MALFORMED");
  });

  test("T27: a chain in a bundle of version 0.3 is refused", async () => {
    const layer = await bundle((b) => {
      delete b.verificationMaterial.publicKey;
      b.verificationMaterial.x509CertificateChain = {
        certificates: [{ rawBytes: "AAAA" }],
      };
    });
    expect(await judged(layer)).toBe("MALFORMED");
  });

  test.each<[string, Change]>([
    [
      "log entries",
      ({ verificationMaterial: m }) =>
        (m.tlogEntries = with33(m.tlogEntries[0])),
    ],
    [
      "timestamps",
      ({ verificationMaterial: m }) =>
        (m.timestampVerificationData.rfc3161Timestamps = with33(
          m.timestampVerificationData.rfc3161Timestamps[0],
        )),
    ],
  ])("T35: a bundle with 33 %s is refused", async (_, change) => {
    expect(await judged(await bundle(change))).toBe("LIMIT");
  });

  test("a bundle of version 0.1 may have a proof without a checkpoint, which then does not count", async () => {
    const layer = await bundle((b) => {
      b.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1";
      delete b.verificationMaterial.tlogEntries[0].inclusionProof.checkpoint;
    });
    const strict = {
      key: {
        publicKey: signer.publicKeyPem,
        trustedRoots: [world.trustedRoot],
      },
    };
    expect(await codeOf(strict, evidenceOf(subject, layer))).toBe("OK");
  });

  test("a bundle over bare bytes names no artifact", async () => {
    const bytes = await messageBundle(image().bytes, signer, { log: world });
    expect(await judged(bundleLayer(bytes))).toBe("UNSUPPORTED_FORMAT");
  });

  test("T25: a bundle beside another layer, and a layer of another type, are not read", async () => {
    const authority = await authorityOf(input);
    const layer = { via: "referrer", artifactType: "x", layers: 1 } as const;
    const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    expect(authority.reads({ ...layer, mediaType: bundleType })).toBe(true);
    expect(
      authority.reads({ ...layer, mediaType: bundleType, layers: 2 }),
    ).toBe(false);
    expect(authority.reads({ ...layer, mediaType: "application/json" })).toBe(
      false,
    );
    expect(
      authority.reads({ ...layer, mediaType: bundleType, via: "sbom" }),
    ).toBe(false);
  });

  test("several legacy signatures are layers of one manifest", async () => {
    const authority = await authorityOf(input);
    const { mediaType } = await signatureLayer(subject, signer);
    expect(
      authority.reads({ via: "sig", artifactType: "x", layers: 7, mediaType }),
    ).toBe(true);
  });
});
