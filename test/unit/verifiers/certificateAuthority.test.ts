import type { Evidence } from "../../../provider/mirror/ports";
import {
  canonicalAuthority,
  examineAuthority,
  warningsOfAuthority,
  type AuthorityInput,
} from "../../../provider/verifiers/authorities/catalog";
import { policySchema } from "../../../provider/verifiers/policy";
import { certifiedSigner } from "../../samples/certifiedSigner";
import { attestationLayer } from "../../samples/legacyEvidence";
import { createRoot, extensions } from "../../samples/pki";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { bundleLayer, codeOf, evidenceOf, verdictOn } from "./world";
import {
  bundle,
  chained,
  dayMs,
  leaf,
  middle,
  policyIn,
  release,
  root,
  signature,
  signer,
  signerOf,
  subject,
  type Wanted,
} from "./ownAuthority";

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

const policy = (wanted: Wanted = {}): AuthorityInput => policyIn(world, wanted);

test("a signer is known by a name in a certificate under the policy's root, over the chain that cosign wrote", async () => {
  await expect(signerOf(policy(), await signature(signer))).resolves.toEqual({
    keyId: expect.stringMatching(/^sha256:/),
    identity: "release@acme.example",
    subject: "CN=release,O=acme,C=DE",
  });
});

test.each<[string, () => Promise<Evidence>]>([
  [
    "an attestation",
    async () =>
      evidenceOf(
        subject,
        await attestationLayer(subject, signer, {
          predicateType: "https://spdx.dev/Document",
        }),
        "att",
      ),
  ],
  ["a logged signature", () => signature(signer, { log: world })],
  ["a stamped signature", () => signature(signer, { timestamp: world })],
  [
    "a bundle with the whole chain, root and all",
    () => chained(signer, [leaf, middle, root]),
  ],
  [
    "a key of RSA",
    () =>
      signature(
        certifiedSigner(middle.issue({ ...release, key: "RSA-2048" }), middle),
      ),
  ],
  [
    "a key of P-384",
    () =>
      signature(
        certifiedSigner(middle.issue({ ...release, key: "P-384" }), middle),
      ),
  ],
])("%s counts", async (_, make) => {
  await expect(codeOf(policy(), await make())).resolves.toBe("OK");
});

test("what the evidence does not bring along, the policy may give", async () => {
  const lone = evidenceOf(subject, bundleLayer(await bundle(signer)));
  await expect(codeOf(policy(), lone)).resolves.toBe("CERT_INVALID");
  await expect(
    codeOf(policy({ intermediates: [middle.pem] }), lone),
  ).resolves.toBe("OK");
  await expect(codeOf(policy({ roots: [middle.pem] }), lone)).resolves.toBe(
    "OK",
  );
});

test("a signer may be known by subject, by pattern, or by any of several names", async () => {
  const evidence = await signature(signer);
  await expect(
    codeOf(policy({ subject: "CN=release,O=acme,C=DE" }), evidence),
  ).resolves.toBe("OK");
  await expect(
    codeOf(policy({ identityPattern: ".*@acme\\.example" }), evidence),
  ).resolves.toBe("OK");
  const several = middle.issue({
    more: [extensions.uris("https://one.example", "https://two.example")],
  });
  const signed = await signature(certifiedSigner(several, middle));
  await expect(
    signerOf(policy({ identity: "https://two.example" }), signed),
  ).resolves.toMatchObject({ identity: "https://two.example" });
  await expect(
    codeOf(policy({ identity: "https://three.example" }), signed),
  ).resolves.toBe("IDENTITY_MISMATCH");
});

test.each<[string, Wanted]>([
  ["another name (T5)", { identity: "release@acme.exampl" }],
  ["a pattern that only begins so (T6)", { identityPattern: "release@acme" }],
  ["another subject", { subject: "CN=release,O=acme" }],
  [
    "the right name and another subject",
    { identity: "release@acme.example", subject: "CN=other" },
  ],
])("a policy for %s is not met, and says who it was", async (_, wanted) => {
  const answer = await verdictOn(policy(wanted), await signature(signer));
  expect(answer).toMatchObject({
    outcome: "rejected",
    code: "IDENTITY_MISMATCH",
    seen: {
      identity: "release@acme.example",
      subject: "CN=release,O=acme,C=DE",
    },
  });
});

describe("settings", () => {
  const written = (certificate: object) =>
    policySchema
      .safeParse({ signedBy: [{ certificate }] })
      .error?.issues.map(({ message }) => message)
      .join();

  test("must say who, and under whom", () => {
    expect(written({ roots: [root.pem] })).toMatch(/there is no "any"/);
    expect(written({ roots: [], identity: "x" })).toBeDefined();
    expect(written({ roots: [leaf.pem.slice(0, -30)], identity: "x" })).toMatch(
      /certificate/,
    );
    expect(written({ roots: [signer.publicKeyPem], identity: "x" })).toMatch(
      /no certificate/,
    );
    expect(
      written({ roots: [root.pem], identity: "x", identityPattern: "y" }),
    ).toMatch(/keep one/);
    expect(written({ roots: [root.pem], subject: "CN=x" })).toBeUndefined();
  });

  test("are examined: a pattern that matches everybody, a root that ends soon", async () => {
    await expect(
      examineAuthority(policy({ identityPattern: ".*" })),
    ).resolves.toMatchObject([{ path: ["certificate", "identityPattern"] }]);
    const short = createRoot({
      validity: [new Date(0), new Date(Date.now() + dayMs)],
    });
    expect(
      warningsOfAuthority(policy({ roots: [root.pem, short.pem] }), new Date()),
    ).toContainEqual({
      path: ["certificate", "roots", 1],
      reason: expect.stringMatching(/the root "CN=root" ends on/),
    });
  });

  test("are the same trust however the roots are written", () => {
    const apart = policy({ roots: [root.pem, middle.pem] });
    const together = policy({ roots: [`${middle.pem}\n${root.pem}`] });
    expect(canonicalAuthority(apart)).toEqual(canonicalAuthority(together));
    expect(canonicalAuthority(apart)).not.toEqual(canonicalAuthority(policy()));
  });
});
