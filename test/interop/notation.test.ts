import type { Value } from "../../provider/mirror/lifecycle";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { multiArch } from "../samples/artifacts";
import {
  acme,
  notationReferrer,
  notationTypes,
  statementOf,
  trustPolicyOf,
  type NotationForm,
} from "../samples/notation";
import {
  createRoot,
  extensions,
  keysOf,
  type Issued,
  type Issuer,
} from "../samples/pki";
import { ocspResponse, revocationList } from "../samples/revocation";
import { inRegistry, put, sha256 } from "../samples/target";
import { timestamper } from "../samples/timestampAuthority";
import { startAuthorityServer, type AuthorityServer } from "./authorityServer";
import { generateKeyPairSync } from "node:crypto";
import { startTimestampServer, type TimestampServer } from "./timestamps";
import { signWithNotation, verifyWithNotation } from "./notation";
import { mirror } from "./product";
import { build, describeWithGo, notation } from "./tools";

const installing = 25 * 60 * 1000;
const schemes = ["notary.x509", "notary.x509.signingAuthority"] as const;
const keys = [
  "P-256",
  "P-384",
  "P-521",
  "RSA-2048",
  "RSA-3072",
  "RSA-4096",
] as const;
const envelopes: readonly NotationForm[] = ["jws", "cose"];

interface Form {
  readonly name: string;
  readonly form: NotationForm;
  readonly scheme: (typeof schemes)[number];
  readonly key: (typeof keys)[number];
  readonly stamped?: boolean;
  readonly revocation?: "ocsp" | "crl";
  readonly expires?: boolean;
}

const forms: readonly Form[] = [
  ...envelopes.flatMap((form) =>
    keys.map((key) => ({
      name: `${form} by ${key}`,
      form,
      key,
      scheme: schemes[0],
    })),
  ),
  ...envelopes.flatMap((form) => [
    {
      name: `${form} by a signing authority, with an expiry`,
      form,
      key: "P-256" as const,
      scheme: schemes[1],
      expires: true,
    },
    {
      name: `${form} with a timestamp`,
      form,
      key: "P-256" as const,
      scheme: schemes[0],
      stamped: true,
    },
    {
      name: `${form} with OCSP`,
      form,
      key: "P-256" as const,
      scheme: schemes[0],
      revocation: "ocsp" as const,
    },
    {
      name: `${form} with a revocation list`,
      form,
      key: "P-256" as const,
      scheme: schemes[0],
      revocation: "crl" as const,
    },
  ]),
];

describeWithGo("what notation-go signs", () => {
  let source: TestRegistry;
  let destination: TestRegistry;
  let authorities: AuthorityServer;
  let tsa: TimestampServer;
  let root: Issuer;

  beforeAll(async () => {
    build(notation);
    source = await startRegistry();
    destination = await startRegistry({ referrersApi: false });
    authorities = await startAuthorityServer();
    root = createRoot({ name: "acme root" });
    const above = createRoot({ name: "tsa root" });
    tsa = await startTimestampServer([timestamper(above), above]);
  }, installing);
  afterAll(async () => {
    await tsa?.close();
    await authorities?.close();
    await source?.close();
    await destination?.close();
  });

  function leafFor({ name, key, revocation }: Form): Issued {
    const path = `/${name.replace(/[^a-z0-9]+/gi, "-")}/`;
    const url = authorities.answers(path, 500);
    const leaf = root.issue({
      name: acme,
      keys:
        key === "RSA-4096"
          ? generateKeyPairSync("rsa", { modulusLength: 4096 })
          : keysOf(key),
      ...(revocation && {
        more: [
          revocation === "ocsp" ? extensions.ocsp(url) : extensions.crl(url),
        ],
      }),
    });
    if (revocation === "ocsp")
      authorities.answers(path, ocspResponse(leaf, root));
    if (revocation === "crl") authorities.answers(path, revocationList(root));
    return leaf;
  }

  function trustOf({ scheme, stamped }: Form, trusted: Issuer = root) {
    const type = scheme === "notary.x509" ? "ca" : "signingAuthority";
    const stores = [`${type}:acme`, ...(stamped ? ["tsa:acme"] : [])];
    return {
      trustPolicy: trustPolicyOf(statementOf("prod", { stores })),
      trustStores: {
        [type]: { acme: [trusted.pem] },
        ...(stamped && { tsa: { acme: [tsa.rootPem] } }),
      },
    };
  }

  test.each(forms)(
    "$name is admitted, mirrored, and verified there by notation-go; a stranger's is not",
    async (form) => {
      const leaf = leafFor(form);
      const repository = `acme/${form.name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}`;
      const target = inRegistry(source, repository);
      const subject = await put(target, multiArch({ seed: form.name }), "v1");
      const signedAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
      const [envelope] = await signWithNotation([
        {
          mediaType: notationTypes[form.form],
          descriptor: subject,
          key: leaf.privateKey
            .export({ type: "pkcs8", format: "pem" })
            .toString(),
          chain: leaf.pem + root.pem,
          scheme: form.scheme,
          signingTime: signedAt,
          ...(form.expires && { expiry: new Date(Date.now() + 3_600_000) }),
          ...(form.stamped && { timestamper: tsa.url, tsaRoot: tsa.rootPem }),
        },
      ]);
      if (!envelope) throw new Error("notation signed nothing");
      const layer = { mediaType: notationTypes[form.form], bytes: envelope };
      await put(
        target,
        notationReferrer(subject, layer, { chain: [leaf, root] }),
      );
      const there = `${source.host}/${repository}`;
      const here = `${destination.host}/${repository}`;
      const hosts = [source.host, destination.host, authorities.host];
      const inputs = { source: `${there}:v1`, destination: `${here}:v1` };
      const policyOf = (trusted?: Issuer): Value => ({
        signedBy: [{ notation: trustOf(form, trusted) }],
      });
      const stranger = createRoot({ name: "acme root" });
      await expect(
        mirror({ hosts, inputs: { ...inputs, policy: policyOf(stranger) } }),
      ).rejects.toMatchObject({ fault: "refused" });
      const state = await mirror({
        hosts,
        inputs: { ...inputs, policy: policyOf() },
      });
      expect(state["ref"]).toBe(`${here}@${subject.digest}`);
      const copied = destination.blob(repository, sha256(envelope));
      if (!copied) throw new Error("the signature did not come along");
      const { trustPolicy, trustStores } = trustOf(form);
      const [verdict] = await verifyWithNotation([
        {
          trustPolicy: JSON.parse(trustPolicy) as unknown,
          trustStores,
          descriptor: subject,
          mediaType: layer.mediaType,
          envelope: Buffer.from(copied),
          reference: `${here}@${subject.digest}`,
        },
      ]);
      expect(verdict).toMatchObject({ outcome: "verified" });
    },
  );
});
