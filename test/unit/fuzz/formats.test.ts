import fc from "fast-check";
import { readJson } from "../../../provider/oci/json";
import { readBundle } from "../../../provider/verifiers/formats/bundle";
import { readNotationCose } from "../../../provider/verifiers/formats/cose";
import { readEnvelope } from "../../../provider/verifiers/formats/dsse";
import { readNotationJws } from "../../../provider/verifiers/formats/jws";
import {
  readLegacyAttestation,
  readLegacySignature,
} from "../../../provider/verifiers/formats/legacy";
import type { NotationEnvelope } from "../../../provider/verifiers/formats/notationEnvelope";
import { requireTarget } from "../../../provider/verifiers/formats/notationPayload";
import {
  readSimpleSigning,
  requireDigest,
} from "../../../provider/verifiers/formats/simpleSigning";
import {
  bindStatement,
  readBareStatement,
} from "../../../provider/verifiers/formats/statement";
import { dsseBundle, messageBundle } from "../../samples/bundleEvidence";
import {
  attestationLayer,
  envelopeOf,
  signatureLayer,
} from "../../samples/legacyEvidence";
import { notationSigner } from "../../samples/notation";
import { cose, jws } from "../../samples/notationEnvelope";
import { createSigstoreWorld } from "../../samples/sigstoreWorld";
import { stamp, timestamper } from "../../samples/timestampAuthority";
import { annotationsIn, documentOf } from "./annotations";
import { cborNotation } from "./cborTree";
import { derNotation } from "./derTree";
import { fuzz, inBytes, mutants, readOrRefused, refusals } from "./fuzzing";
import { subject, vendor } from "../verifiers/judging";
import { inJson } from "./jsonMutations";
import { inCbor, inDer } from "./treeMutations";
import { descriptorOf } from "../verifiers/world";

const ours = descriptorOf(subject);
const [, hex = ""] = subject.digest.split(":");
const signer = notationSigner();
const token = stamp(timestamper(signer.root), Buffer.from("x"));
const predicateType = "https://acme.example/check/v1";
const envelope = envelopeOf(subject, vendor, { predicateType });
const payload = Buffer.from(envelope.payload, "base64");
const { mediaType, digest, size } = subject;
const targetArtifact = { mediaType, digest, size };
const target = Buffer.from(JSON.stringify({ targetArtifact }));

async function bundles(): Promise<readonly Buffer[]> {
  const log = await createSigstoreWorld();
  const identity = "https://acme.example/release";
  const by = await log.keyless({ issuer: "https://issuer.example", identity });
  const wish = { predicateType, log, timestamp: log };
  return [
    await dsseBundle(subject, by, wish),
    await dsseBundle(subject, vendor, { predicateType }),
    await messageBundle(Buffer.from("artifact"), by, { log }),
  ];
}

test("samples are taken apart and put together without a change", async () => {
  const never = () => 1;
  for (const document of [signer.der, token]) {
    const tree = derNotation.read(document);
    expect(tree && derNotation.write(tree, never)).toEqual(document);
  }
  const message = cose(subject, signer, {});
  const tree = cborNotation.read(message);
  expect(tree && cborNotation.write(tree, never)).toEqual(message);
});

test("strict JSON reads what every reader reads, or refuses", async () => {
  const samples = [...(await bundles()), payload, target];
  await fuzz(mutants(samples, inJson, inBytes), async (document) => {
    const read = await readOrRefused(() => readJson(document));
    if (read === undefined) return;
    const text = document.toString();
    expect(Buffer.from(text).equals(document)).toBe(true);
    expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
  });
});

test("strict JSON reads or refuses any text", async () => {
  const texts = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.constantFrom("{", "}", "[", "]", '"', ":", ",", "\\u", "1", "e"),
      )
      .map((parts) => parts.join("")),
  );
  await fuzz(texts, async (text) => {
    const read = await readOrRefused(() => readJson(Buffer.from(text)));
    if (read === undefined) return;
    expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
  });
});

test("a DSSE envelope has the payload that its text has, or is refused", async () => {
  const samples = [Buffer.from(JSON.stringify(envelope))];
  await fuzz(mutants(samples, inJson, inBytes), async (document) => {
    const read = await readOrRefused(() => readEnvelope(document));
    if (read === undefined) return;
    const said = JSON.parse(document.toString());
    expect(said.signatures).toHaveLength(1);
    expect(read.payloadType).toBe(said.payloadType);
    expect(Buffer.from(said.payload, "base64").equals(read.payload)).toBe(true);
  });
});

test("a bundle has the content that its text has, or is refused", async () => {
  await fuzz(mutants(await bundles(), inJson, inBytes), async (document) => {
    const allowChain = document.length % 2 === 0;
    const read = await readOrRefused(() =>
      readBundle(document, { allowChain }),
    );
    if (read === undefined) return;
    const said = JSON.parse(document.toString());
    expect(read.content.kind === "envelope").toBe("dsseEnvelope" in said);
    expect(read.entries.length).toBeLessThanOrEqual(32);
    expect(read.timestamps.length).toBeLessThanOrEqual(32);
  });
});

test("cosign's annotations are read or refused, whatever they hold", async () => {
  const log = await createSigstoreWorld();
  const identity = "https://acme.example/release";
  const by = await log.keyless({ issuer: "https://issuer.example", identity });
  const wish = { predicateType, log, timestamp: log };
  const layers = [
    await signatureLayer(subject, by, { log, timestamp: log }),
    await attestationLayer(subject, by, wish),
  ];
  const samples = layers.map(({ annotations = {} }) => documentOf(annotations));
  await fuzz(mutants(samples, inJson), async (document) => {
    const annotations = annotationsIn(document);
    for (const [at, { bytes }] of layers.entries()) {
      const read = at === 0 ? readLegacySignature : readLegacyAttestation;
      const material = await readOrRefused(() => read(bytes, annotations));
      expect(material?.entries.length ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

test("simple signing is about our digest only where its text says so", async () => {
  const { bytes } = await signatureLayer(subject, vendor);
  await fuzz(mutants([bytes], inJson, inBytes), async (document) => {
    const passed = await readOrRefused(() => {
      requireDigest(readSimpleSigning(document), ours.digest);
      return true;
    });
    if (!passed) return;
    const { critical } = JSON.parse(document.toString());
    expect(critical.image["docker-manifest-digest"]).toBe(subject.digest);
    expect(critical.type).toBe("cosign container image signature");
  });
});

test("a statement is about our digest only where its text says so", async () => {
  await fuzz(mutants([payload], inJson, inBytes), async (document) => {
    const read = await readOrRefused(() =>
      bindStatement(readBareStatement(document), ours.digest),
    );
    if (read === undefined) return;
    const said = JSON.parse(document.toString());
    expect(read).toMatchObject({
      type: said._type,
      predicateType: said.predicateType,
    });
    expect(JSON.stringify(said.subject)).toContain(`"sha256":"${hex}"`);
  });
});

test("notation's payload is about our descriptor only where its text says so", async () => {
  await fuzz(mutants([target], inJson, inBytes), async (document) => {
    const passed = await readOrRefused(() => {
      requireTarget(document, ours);
      return true;
    });
    if (!passed) return;
    const said = JSON.parse(document.toString()).targetArtifact;
    expect(said).toMatchObject(targetArtifact);
  });
});

const wish = { expiry: new Date(Date.now() + 60_000), stamp: () => token };

test.each<[string, readonly Buffer[], Mutants, Reading]>([
  [
    "JWS",
    [jws(subject, signer, wish), jws(subject, signer, {})],
    [inJson, inBytes],
    readNotationJws,
  ],
  [
    "COSE",
    [cose(subject, signer, wish), cose(subject, signer, {})],
    [inCbor, inBytes, inDer],
    readNotationCose,
  ],
])(
  "an envelope in %s has a scheme and an algorithm that we know, or is refused",
  async (_, samples, mutations, reading) => {
    await fuzz(mutants(samples, ...mutations), async (document) => {
      const documented = [...refusals, Error];
      const read = await readOrRefused(() => reading(document), documented);
      if (read === undefined) return;
      expect(read.scheme).toMatch(/^notary\.x509(\.signingAuthority)?$/);
      expect(read.algorithm).toMatch(/^(PS|ES)(256|384|512)$/);
      expect(read.chain.length).toBeGreaterThan(0);
    });
  },
);

type Mutants =
  Parameters<typeof mutants> extends [unknown, ...infer Rest] ? Rest : never;
type Reading = (bytes: Buffer) => NotationEnvelope | Promise<NotationEnvelope>;
