import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import { certificatePem, keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { bundleLayer, codeOf, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const issuer = "https://token.actions.githubusercontent.com";
const workflow = "https://github.com/acme/app/.github/workflows/release.yml";
const identity = `${workflow}@refs/tags/v1.4.2`;
const pattern =
  "https://github\\.com/acme/app/\\.github/workflows/.+@refs/tags/v[0-9.]+";

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

async function signedBy(signer: Signer) {
  const layer = await signatureLayer(subject, signer, { log: world });
  return evidenceOf(subject, layer, "sig");
}

function wanted(
  settings: Omit<NonNullable<AuthorityInput["keyless"]>, "trustedRoots">,
): AuthorityInput {
  return { keyless: { ...settings, trustedRoots: [world.trustedRoot] } };
}

function keyOf(signer: Signer, tlog?: "not-required"): AuthorityInput {
  const trustedRoots = [world.trustedRoot];
  return { key: { publicKey: signer.publicKeyPem, trustedRoots, tlog } };
}

test("T5: the right chain with another identity is refused, and the identity seen is named", async () => {
  const seen = { issuer, identity: `${workflow}@refs/heads/main` };
  const evidence = await signedBy(await world.keyless(seen));
  const answer = await verdictOn(wanted({ issuer, identity }), evidence);
  expect(answer).toMatchObject({
    outcome: "rejected",
    code: "IDENTITY_MISMATCH",
    authority: "signedBy[0].keyless",
    format: "cosign-simplesigning",
    seen,
  });
});

test("T5: the right identity from another issuer is refused", async () => {
  const other = `${issuer}/`;
  const evidence = await signedBy(
    await world.keyless({ issuer: other, identity }),
  );
  const answer = await verdictOn(wanted({ issuer, identity }), evidence);
  expect(answer).toMatchObject({
    code: "IDENTITY_MISMATCH",
    seen: { issuer: other },
  });
});

const lookAlikes = [
  "https://github.com/acme/app-evil/.github/workflows/release.yml@refs/tags/v1.4.2",
  `https://evil.example/?${identity}`,
  `${identity}/more`,
  `x${identity}`,
  "https://githubXcom/acme/app/.github/workflows/release.yml@refs/tags/v1.4.2",
];

test.each(lookAlikes)(
  "T6: %s is not the wanted identity, neither whole nor by pattern",
  async (alike) => {
    const evidence = await signedBy(
      await world.keyless({ issuer, identity: alike }),
    );
    expect(await codeOf(wanted({ issuer, identity }), evidence)).toBe(
      "IDENTITY_MISMATCH",
    );
    expect(
      await codeOf(wanted({ issuer, identityPattern: pattern }), evidence),
    ).toBe("IDENTITY_MISMATCH");
  },
);

test("T6: an identity is no pattern: its dots and question marks mean themselves", async () => {
  const evidence = await signedBy(await world.keyless({ issuer, identity }));
  const dotted = identity.replace("github.com", "github?com");
  expect(await codeOf(wanted({ issuer, identity: dotted }), evidence)).toBe(
    "IDENTITY_MISMATCH",
  );
});

test.each([pattern, `^${pattern}$`, "https://github\\.com/acme/app/.*"])(
  "a pattern that matches the whole identity lets it in: %s",
  async (identityPattern) => {
    const evidence = await signedBy(await world.keyless({ issuer, identity }));
    expect(await codeOf(wanted({ issuer, identityPattern }), evidence)).toBe(
      "OK",
    );
  },
);

const extensions = {
  11: "github-hosted",
  12: "https://github.com/acme/app",
  5: "acme/app",
};

test.each([
  [
    {
      sourceRepositoryUri: "https://github.com/acme/app",
      runnerEnvironment: "github-hosted",
      workflowRepository: "acme/app",
    },
    "OK",
  ],
  [
    { sourceRepositoryUri: "https://github.com/acme/other" },
    "IDENTITY_MISMATCH",
  ],
  [{ sourceRepositoryUri: "https://github.com/acme" }, "IDENTITY_MISMATCH"],
  [{ runnerEnvironment: "self-hosted" }, "IDENTITY_MISMATCH"],
  [{ workflowRepository: "acme/other" }, "IDENTITY_MISMATCH"],
  [{ sourceRepositoryRef: "refs/tags/v1.4.2" }, "IDENTITY_MISMATCH"],
])(
  "T7: certificate extensions %j are held against the certificate: %s",
  async (asked, code) => {
    const signer = await world.keyless({ issuer, identity, extensions });
    const evidence = await signedBy(signer);
    expect(
      await codeOf(wanted({ issuer, identity, extensions: asked }), evidence),
    ).toBe(code);
  },
);

test("T7: an extension that differs is named with what was wanted", async () => {
  const signer = await world.keyless({ issuer, identity, extensions });
  const asked = { runnerEnvironment: "self-hosted" };
  const input = wanted({ issuer, identity, extensions: asked });
  expect(await verdictOn(input, await signedBy(signer))).toMatchObject({
    reason: 'its runnerEnvironment is "github-hosted", wanted "self-hosted"',
  });
});

test("T8: another public key is refused", async () => {
  const evidence = await signedBy(keySigner());
  expect(await codeOf(keyOf(keySigner()), evidence)).toBe("SIGNATURE_INVALID");
});

test.each(["rsa-pkcs1", "ed25519", "ecdsa-p384"] as const)(
  "T8: a key of another type (%s) is refused",
  async (kind) => {
    const evidence = await signedBy(keySigner());
    expect(await codeOf(keyOf(keySigner(kind)), evidence)).toBe(
      "SIGNATURE_INVALID",
    );
  },
);

test("T8: a signature with a bit flipped is refused", async () => {
  const signer = keySigner();
  const layer = await signatureLayer(subject, signer, { tampered: true });
  const evidence = evidenceOf(subject, layer, "sig");
  expect(await codeOf(keyOf(signer, "not-required"), evidence)).toBe(
    "SIGNATURE_INVALID",
  );
});

const certificateAnnotation = "dev.sigstore.cosign/certificate";

test("T10: a public key in the certificate's place is no certificate", async () => {
  const signer = await world.keyless({ issuer, identity });
  const layer = await signatureLayer(subject, signer, { log: world });
  const annotations = {
    ...layer.annotations,
    [certificateAnnotation]: signer.publicKeyPem,
  };
  const evidence = evidenceOf(subject, { ...layer, annotations }, "sig");
  expect(await codeOf(wanted({ issuer, identity }), evidence)).toBe(
    "MALFORMED",
  );
  expect(await codeOf(keyOf(signer), evidence)).toBe("MALFORMED");
});

test("T10: a certificate beside a signature by the configured key must be for that key", async () => {
  const signer = keySigner();
  const other = await world.keyless({ issuer, identity });
  const layer = await signatureLayer(subject, signer, {});
  const annotations = {
    ...layer.annotations,
    [certificateAnnotation]: certificatePem(other.certificate ?? Buffer.of()),
  };
  const evidence = evidenceOf(subject, { ...layer, annotations }, "sig");
  const answer = await verdictOn(keyOf(signer, "not-required"), evidence);
  expect(answer).toMatchObject({ code: "KEY_MISMATCH", seen: { identity } });
});

test("a pinned key vouches for what it signed under a certificate of its own", async () => {
  const signer = await world.keyless({ issuer, identity });
  expect(await codeOf(keyOf(signer), await signedBy(signer))).toBe("OK");
});

test("a bare key is nobody's identity", async () => {
  const evidence = await signedBy(keySigner());
  expect(await codeOf(wanted({ issuer, identity }), evidence)).toBe(
    "OTHER_KIND",
  );
});

test("T40: the hint in a bundle chooses no key", async () => {
  const signer = keySigner();
  const bundle = await dsseBundle(
    subject,
    { ...signer, hint: "somebody else" },
    { predicateType: signPredicate, log: world },
  );
  const evidence = evidenceOf(subject, bundleLayer(bundle));
  expect(await codeOf(keyOf(signer), evidence)).toBe("OK");
  expect(await codeOf(keyOf(keySigner()), evidence)).toBe("SIGNATURE_INVALID");
});
