import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import {
  dsseBundle,
  messageBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
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
  type Editable,
} from "./world";

const subject = image().descriptor;
const signer = keySigner();
const input: AuthorityInput = {
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" },
};

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

const judged = (layer: Blob) => codeOf(input, evidenceOf(subject, layer));

describe("bundles", () => {
  type Change = (bundle: Editable) => void;
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
    const who = { issuer: "https://i.example", identity: "https://me.example" };
    const keyless = { ...who, trustedRoots: [world.trustedRoot] };
    const bytes = await dsseBundle(subject, await world.keyless(who), {
      predicateType: signPredicate,
      log: world,
    });
    const code = (mediaType: string) => {
      const bundle = changed(bytes, (b) => {
        const { certificate } = b.verificationMaterial;
        delete b.verificationMaterial.certificate;
        const certificates = [certificate];
        b.verificationMaterial.x509CertificateChain = { certificates };
        b.mediaType = mediaType;
      });
      return codeOf({ keyless }, evidenceOf(subject, bundleLayer(bundle)));
    };
    const type = "application/vnd.dev.sigstore.bundle+json;version=0";
    expect(await code(`${type}.2`)).toBe("OK");
    expect(await code(`${type}.3`)).toBe("MALFORMED");
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
