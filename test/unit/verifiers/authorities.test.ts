import { ed25519ph } from "@noble/curves/ed25519.js";
import { generateKeyPairSync, sign } from "node:crypto";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../../samples/legacyEvidence";
import { keyKinds, keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { bundleLayer, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const issuer = "https://token.actions.githubusercontent.com";
const identity =
  "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.2";
const predicateType = "https://spdx.dev/Document";

let world: SigstoreWorld;
let keylessSigner: Signer;
let keyless: AuthorityInput;
let unlogged: AuthorityInput;

beforeAll(async () => {
  world = await createSigstoreWorld();
  keylessSigner = await world.keyless({ issuer, identity });
  const settings = { issuer, identity, trustedRoots: [world.trustedRoot] };
  keyless = { keyless: settings };
  unlogged = { keyless: { ...settings, tlog: "not-required" } };
});

const keyOf = (signer: Signer, more: object = {}): AuthorityInput => ({
  key: {
    publicKey: signer.publicKeyPem,
    trustedRoots: [world.trustedRoot],
    ...more,
  },
});

type Log = { readonly log?: SigstoreWorld; readonly timestamp?: SigstoreWorld };
const forms = {
  "legacy signature": async (signer: Signer, log: Log) =>
    evidenceOf(subject, await signatureLayer(subject, signer, log), "sig"),
  "legacy attestation, logged as dsse": async (signer: Signer, log: Log) =>
    evidenceOf(
      subject,
      await attestationLayer(subject, signer, { predicateType, ...log }),
      "att",
    ),
  "legacy attestation, logged as intoto 0.0.1": async (
    signer: Signer,
    log: Log,
  ) =>
    evidenceOf(
      subject,
      await attestationLayer(subject, signer, {
        predicateType,
        kind: "intoto",
        ...log,
      }),
      "att",
    ),
  "bundle of a signature": async (signer: Signer, log: Log) =>
    evidenceOf(
      subject,
      bundleLayer(
        await dsseBundle(subject, signer, {
          predicateType: signPredicate,
          ...log,
        }),
      ),
    ),
  "bundle of an attestation": async (signer: Signer, log: Log) =>
    evidenceOf(
      subject,
      bundleLayer(await dsseBundle(subject, signer, { predicateType, ...log })),
    ),
};
const formNames = Object.keys(forms) as (keyof typeof forms)[];

describe.each(formNames)("a %s", (form) => {
  test.each(keyKinds)("by %s and logged is vouched for", async (kind) => {
    const signer = keySigner(kind);
    const evidence = await forms[form](signer, { log: world });
    const answer = await verdictOn(keyOf(signer), evidence);
    expect(answer).toMatchObject({
      outcome: "authenticated",
      authority: "signedBy[0].key",
      signer: { keyId: signer.keyId },
      times: [{ time: world.clock, source: "rekor" }],
    });
  });

  test.each(keyKinds)(
    "by %s without a log is vouched for where none is required",
    async (kind) => {
      const signer = keySigner(kind);
      const evidence = await forms[form](signer, {});
      const answer = await verdictOn(
        keyOf(signer, { tlog: "not-required" }),
        evidence,
      );
      expect(answer).toMatchObject({ outcome: "authenticated", times: [] });
    },
  );

  test("by an identity and logged is vouched for", async () => {
    const evidence = await forms[form](keylessSigner, { log: world });
    const answer = await verdictOn(keyless, evidence);
    expect(answer).toMatchObject({
      outcome: "authenticated",
      signer: { issuer, identity },
      times: [{ time: world.clock, source: "rekor" }],
    });
  });

  test("by an identity and timestamped is vouched for where no log is required", async () => {
    const evidence = await forms[form](keylessSigner, { timestamp: world });
    const answer = await verdictOn(unlogged, evidence);
    expect(answer).toMatchObject({
      outcome: "authenticated",
      times: [{ time: world.clock, source: "rfc3161" }],
    });
  });
});

describe("signatures in less common writing", () => {
  const bare = { tlog: "not-required" };

  test("Ed25519ph, cosign 3's default for such keys, is vouched for", async () => {
    const { secretKey } = ed25519ph.keygen();
    const signer = {
      ...keySigner("ed25519"),
      publicKeyPem: ed25519Pem(ed25519ph.getPublicKey(secretKey)),
    };
    const evidence = await forms["bundle of a signature"](
      {
        ...signer,
        sign: (bytes) => Buffer.from(ed25519ph.sign(bytes, secretKey)),
      },
      {},
    );
    const answer = await verdictOn(keyOf(signer, bare), evidence);
    expect(answer.outcome).toBe("authenticated");
  });

  test.each(["P-256", "P-384", "P-521"])(
    "ECDSA %s as bare r and s is vouched for",
    async (namedCurve) => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", {
        namedCurve,
      });
      const signer = {
        ...keySigner(),
        publicKeyPem: publicKey
          .export({ type: "spki", format: "pem" })
          .toString(),
        sign: (bytes: Uint8Array) =>
          sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }),
      };
      const evidence = await forms["legacy signature"](signer, {});
      const answer = await verdictOn(keyOf(signer, bare), evidence);
      expect(answer.outcome).toBe("authenticated");
    },
  );

  test("a checkpoint named after the log's pod is the log's all the same", async () => {
    const signer = keySigner();
    const evidence = await forms["bundle of a signature"](signer, {
      log: world,
    });
    const trustedRoots = [
      world.trustedRoot.replace(
        "https://rekor.example",
        "https://log.acme.example",
      ),
    ];
    const answer = await verdictOn(keyOf(signer, { trustedRoots }), evidence);
    expect(answer.outcome).toBe("authenticated");
  });

  test("several trusted roots are each tried by themselves", async () => {
    const signer = keySigner();
    const other = await createSigstoreWorld();
    const evidence = await forms["legacy signature"](signer, { log: world });
    const trustedRoots = [other.trustedRoot, world.trustedRoot];
    const answer = await verdictOn(keyOf(signer, { trustedRoots }), evidence);
    expect(answer.outcome).toBe("authenticated");
  });

  test("a stranger's log does no harm where none is required", async () => {
    const signer = keySigner();
    const log = await createSigstoreWorld();
    const evidence = await forms["bundle of a signature"](signer, {
      log,
      timestamp: log,
    });
    const answer = await verdictOn(keyOf(signer, bare), evidence);
    expect(answer).toMatchObject({ outcome: "authenticated", times: [] });
  });
});

function ed25519Pem(raw: Uint8Array): string {
  const der = Buffer.concat([
    Buffer.from("302a300506032b6570032100", "hex"),
    raw,
  ]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}
