import type { Evidence } from "../../../provider/mirror/ports";
import { type AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { certifiedSigner } from "../../samples/certifiedSigner";
import { nothing } from "../../samples/derWriter";
import { signatureLayer } from "../../samples/legacyEvidence";
import {
  createRoot,
  createSelfSigned,
  extension,
  extensions,
  purposeOids,
  type CertificateWish,
} from "../../samples/pki";
import { keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { authorityOf, codeOf, evidenceOf, offline, verdictOn } from "./world";
import {
  dayMs,
  leaf,
  mail,
  middle,
  past,
  policyIn,
  release,
  root,
  signature,
  signer,
  subject,
  type Wanted,
} from "./ownAuthority";

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

const policy = (wanted: Wanted = {}): AuthorityInput => policyIn(world, wanted);

const by = (wish: CertificateWish): Signer =>
  certifiedSigner(middle.issue({ ...release, ...wish }), middle);

test.each<[string, () => Signer, string]>([
  [
    "a root that nobody trusts",
    () => certifiedSigner(createRoot({ name: "stranger" }).issue(release)),
    "CERT_INVALID",
  ],
  [
    "a root that came along (T26)",
    () => {
      const own = createRoot({ name: "stranger" });
      return certifiedSigner(own.issue(release), own);
    },
    "CERT_INVALID",
  ],
  ["itself", () => certifiedSigner(createSelfSigned(release)), "CERT_INVALID"],
  [
    "a namesake of the root",
    () =>
      certifiedSigner(
        createRoot({
          name: [
            ["C", "DE"],
            ["CN", "acme root"],
          ],
        }).issue(release),
      ),
    "CERT_INVALID",
  ],
])("a signer who is certified by %s is refused", async (_, make, code) => {
  await expect(codeOf(policy(), await signature(make()))).resolves.toBe(code);
});

test.each<[string, CertificateWish]>([
  [
    "for servers (T26)",
    { extensions: [extensions.purposes([purposeOids.serverAuth])] },
  ],
  ["without a purpose (T26)", { extensions: [extensions.keyUsage([0])] }],
  ["of an authority (T26)", { more: [mail, extensions.authority()] }],
  [
    "with an unknown critical extension (T26)",
    { more: [mail, extension("1.2.3", nothing(), true)] },
  ],
  ["that has expired (T17)", { validity: past }],
  [
    "that is not yet valid (T17)",
    {
      validity: [
        new Date(Date.now() + dayMs),
        new Date(Date.now() + 2 * dayMs),
      ],
    },
  ],
])("a certificate %s is refused", async (_, wish) => {
  await expect(codeOf(policy(), await signature(by(wish)))).resolves.toBe(
    "CERT_INVALID",
  );
});

test("T17: an authority that has expired between leaf and root is refused", async () => {
  const expired = root.authority({ validity: past });
  const evidence = await signature(
    certifiedSigner(expired.issue(release), expired),
  );
  await expect(codeOf(policy(), evidence)).resolves.toBe("CERT_INVALID");
});

test("a certificate that has expired since has signed when a log or an authority says so", async () => {
  const short = (): Signer =>
    by({
      validity: [new Date(Date.now() - dayMs), new Date(Date.now() + 2000)],
    });
  const [plain, logged, stamped] = [
    await signature(short()),
    await signature(short(), { log: world }),
    await signature(short(), { timestamp: world }),
  ];
  const later = { ...offline, now: () => new Date(Date.now() + dayMs) };
  const authority = await authorityOf(policy());
  const outcome = async (evidence: Evidence) =>
    (await authority.authenticate(evidence, later)).outcome;
  await expect(outcome(plain)).resolves.toBe("rejected");
  await expect(outcome(logged)).resolves.toBe("authenticated");
  await expect(outcome(stamped)).resolves.toBe("authenticated");
});

test("what rests on today's date says until when it holds", async () => {
  const end = new Date(Math.floor(Date.now() / 1000) * 1000 + dayMs);
  const until = by({ validity: [new Date(Date.now() - dayMs), end] });
  await expect(
    verdictOn(policy(), await signature(until)),
  ).resolves.toMatchObject({ validUntil: end, times: [] });
  const logged = await verdictOn(
    policy(),
    await signature(until, { log: world }),
  );
  expect(logged).not.toHaveProperty("validUntil");
  expect(logged).toMatchObject({ times: [{ source: "rekor" }] });
});

test("a log entry is required unless the policy says otherwise, and must be of this very certificate (T11)", async () => {
  const required = policy({ tlog: "required" });
  await expect(codeOf(required, await signature(signer))).resolves.toBe(
    "TLOG_MISSING",
  );
  await expect(
    codeOf(required, await signature(signer, { log: world })),
  ).resolves.toBe("OK");
  const again = {
    ...signer,
    certificate: middle.issue({
      ...release,
      keys: { publicKey: leaf.publicKey, privateKey: leaf.privateKey },
    }).der,
  };
  const logged = await signatureLayer(subject, again, { log: world });
  const own = await signatureLayer(subject, signer, {});
  const mixed = {
    ...logged,
    annotations: {
      ...logged.annotations,
      "dev.sigstore.cosign/certificate":
        own.annotations?.["dev.sigstore.cosign/certificate"] ?? "",
    },
  };
  await expect(
    codeOf(required, evidenceOf(subject, mixed, "sig")),
  ).resolves.toBe("TLOG_MISMATCH");
});

test("T10: a bare key, in its place or in the certificate's, is nobody", async () => {
  await expect(codeOf(policy(), await signature(keySigner()))).resolves.toBe(
    "OTHER_KIND",
  );
  const layer = await signatureLayer(subject, signer);
  const annotations = {
    ...layer.annotations,
    "dev.sigstore.cosign/certificate": signer.publicKeyPem,
  };
  await expect(
    codeOf(policy(), evidenceOf(subject, { ...layer, annotations }, "sig")),
  ).resolves.toBe("MALFORMED");
});

test("T8: a signature by another key than the certificate's is refused", async () => {
  const { sign } = keySigner();
  await expect(
    codeOf(policy(), await signature({ ...signer, sign })),
  ).resolves.toBe("SIGNATURE_INVALID");
});

test("a chain that cannot be read is refused here, and nobody else reads it", async () => {
  const evidence = await signature({ ...signer, chainPem: "garbage" });
  await expect(codeOf(policy(), evidence)).resolves.toBe("MALFORMED");
});
