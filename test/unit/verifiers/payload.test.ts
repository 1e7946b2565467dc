import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import { keySigner } from "../../samples/signers";
import { authorityOf, codeOf, evidenceOf, offline } from "./world";

const subject = image().descriptor;
const signer = keySigner();
const input: AuthorityInput = {
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" },
};
const other = image({ seed: "other" }).descriptor;
const judged = (layer: Blob) => codeOf(input, evidenceOf(subject, layer));

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
