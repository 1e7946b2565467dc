import {
  describe as described,
  image,
  index,
  type Blob,
} from "../samples/artifacts";
import { attachByFallback, attachLegacy, fallbackTag } from "../samples/attach";
import { bundleManifest, bundleReferrer } from "../samples/bundleEvidence";
import { preAuthentication, signatureLayer } from "../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../samples/signers";
import {
  put,
  type Sample,
  type SampleDescriptor,
  type Target,
} from "../samples/target";
import type { TestRegistry } from "../registry/registry";

interface Scene {
  readonly target: Target;
  readonly subject: SampleDescriptor;
  readonly signer: KeySigner;
  readonly registry: TestRegistry;
}

/** One thing that a signing tool sees otherwise than we do. */
export interface Misled {
  /** what the tool does, and what we do */
  readonly name: string;
  /** default: an image */
  readonly subject?: Sample;
  /** where the registry lists referrers under a tag only */
  readonly fallback?: true;
  readonly place: (scene: Scene) => Promise<unknown>;
  readonly cosign: "admits" | "refuses";
  /** `verified`, or a code that is seen */
  readonly ours: string;
}

/** A simple signature over any bytes. */
function layerOver(payload: string, signer: KeySigner): Blob {
  const bytes = Buffer.from(payload);
  return {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    bytes,
    annotations: {
      "dev.cosignproject.cosign/signature": signer
        .sign(bytes)
        .toString("base64"),
    },
  };
}

const simple = (image: string): string =>
  `{"critical":{"identity":{"docker-reference":""},"image":${image},"type":"cosign container image signature"},"optional":null}`;
const elsewhere = `sha256:${"0".repeat(64)}`;

const legacy =
  (payload: (digest: string) => string) =>
  ({ target, subject, signer }: Scene) =>
    attachLegacy(target, subject, {
      suffix: "sig",
      layers: [layerOver(payload(subject.digest), signer)],
    });

/** A bundle over any statement. */
function statementBundle(
  { subject, signer }: Scene,
  statement: string,
): Sample {
  const payload = Buffer.from(statement);
  const payloadType = "application/vnd.in-toto+json";
  const sig = signer.sign(preAuthentication(payloadType, payload));
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: signer.hint },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: {
      payloadType,
      payload: payload.toString("base64"),
      signatures: [{ keyid: "", sig: sig.toString("base64") }],
    },
  };
  return bundleManifest(subject, Buffer.from(JSON.stringify(bundle)));
}

const statement = (digest: string, more = ""): string =>
  `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"${digest.slice(7)}"}}],${more}"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}`;

const one = image({ seed: "one platform" });
const both = (() => {
  const bytes = Buffer.from(
    JSON.stringify({
      ...(JSON.parse(index([one]).bytes.toString()) as object),
      ...(JSON.parse(one.bytes.toString()) as object),
    }),
  );
  const { mediaType } = one.descriptor;
  return { ...one, bytes, descriptor: described({ mediaType, bytes }) };
})();

/** All of them, tried on cosign 3.1.3. */
export const misled: readonly Misled[] = [
  {
    name: "of a member twice cosign takes the last; we take neither",
    place: legacy((digest) =>
      simple(
        `{"docker-manifest-digest":"${elsewhere}","docker-manifest-digest":"${digest}"}`,
      ),
    ),
    cosign: "admits",
    ours: "MALFORMED",
  },
  {
    name: "cosign takes a member in another case; we do not",
    place: legacy((digest) => simple(`{"Docker-Manifest-Digest":"${digest}"}`)),
    cosign: "admits",
    ours: "MALFORMED",
  },
  {
    name: "of members that differ in case cosign takes the last; we take neither",
    place: legacy((digest) =>
      simple(
        `{"docker-manifest-digest":"${elsewhere}","Docker-Manifest-Digest":"${digest}"}`,
      ),
    ),
    cosign: "admits",
    ours: "MALFORMED",
  },
  {
    name: "cosign does not look at critical.type; we do",
    place: async ({ target, subject, signer }) =>
      attachLegacy(target, subject, {
        suffix: "sig",
        layers: [
          await signatureLayer(subject, signer, {
            type: "atomic container signature",
          }),
        ],
      }),
    cosign: "admits",
    ours: "MALFORMED",
  },
  {
    name: "cosign takes a statement of any type; we do not",
    place: (scene) =>
      put(
        scene.target,
        statementBundle(
          scene,
          statement(scene.subject.digest).replace(
            "Statement/v1",
            "Statement/v7",
          ),
        ),
      ),
    cosign: "admits",
    ours: "MALFORMED",
  },
  {
    name: "cosign takes an attestation for a signature; we do not",
    place: async ({ target, subject, signer }) =>
      put(
        target,
        await bundleReferrer(subject, signer, {
          predicateType: "https://in-toto.io/attestation/test-result/v0.1",
          predicate: { result: "FAILED" },
        }),
      ),
    cosign: "admits",
    ours: "NOT_A_SIGNATURE",
  },
  {
    name: "cosign takes a signature that hangs on another image, if it is listed here; we do not",
    fallback: true,
    place: async ({ target, subject, signer }) => {
      const other = await put(target, image({ seed: "another" }));
      const good = await bundleReferrer(subject, signer);
      const content = JSON.parse(good.bytes.toString()) as object;
      const bytes = Buffer.from(JSON.stringify({ ...content, subject: other }));
      const { mediaType } = good.descriptor;
      const descriptor = {
        ...good.descriptor,
        ...described({ mediaType, bytes }),
      };
      await attachByFallback(target, subject, { ...good, bytes, descriptor });
    },
    cosign: "admits",
    ours: "NO_EVIDENCE",
  },
  {
    name: "cosign verifies a document that is manifest and index at once; we do not take it",
    subject: both,
    place: async ({ target, subject, signer }) =>
      attachLegacy(target, subject, {
        suffix: "sig",
        layers: [await signatureLayer(subject, signer)],
      }),
    cosign: "admits",
    ours: "could not take the manifest",
  },
  {
    name: "a stranger's bundle hides a good .sig from cosign; not from us",
    place: async ({ target, subject, signer }) => {
      await put(target, await bundleReferrer(subject, keySigner()));
      await attachLegacy(target, subject, {
        suffix: "sig",
        layers: [await signatureLayer(subject, signer)],
      });
    },
    cosign: "refuses",
    ours: "verified",
  },
  {
    name: "a fallback tag that is the image itself is no evidence and no error",
    fallback: true,
    place: async ({ target, subject, signer }) => {
      const itself = image({
        seed: "a fallback tag that is the image itself is no evidence and no error",
      });
      await put(target, itself, fallbackTag(subject));
      await attachLegacy(target, subject, {
        suffix: "sig",
        layers: [await signatureLayer(subject, signer)],
      });
    },
    cosign: "admits",
    ours: "verified",
  },
  {
    name: "a list of referrers that cannot be read is an empty one for cosign; not for us",
    place: async ({ target, subject, signer, registry }) => {
      await attachLegacy(target, subject, {
        suffix: "sig",
        layers: [await signatureLayer(subject, signer)],
      });
      registry.misbehave({
        path: /\/referrers\//,
        times: Infinity,
        action: { status: 500 },
      });
    },
    cosign: "admits",
    ours: "500",
  },
  {
    name: "a signature on the second page of referrers is out of cosign's sight; not out of ours",
    place: async ({ target, subject, signer }) => {
      const others: string[] = [];
      for (let i = 0; i < 6; i += 1) {
        const other = await bundleReferrer(subject, keySigner());
        others.push((await put(target, other)).digest);
      }
      // listed by digest, and signed anew until it stands behind all others
      let own = await bundleReferrer(subject, signer);
      while (others.some((digest) => digest > own.descriptor.digest)) {
        own = await bundleReferrer(subject, signer);
      }
      await put(target, own);
    },
    cosign: "refuses",
    ours: "verified",
  },
];
