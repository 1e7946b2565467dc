import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import type { Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import {
  createAuthority,
  email,
  extension,
  otherName,
  uri,
  type Authority,
  type CertificateOptions,
} from "./certificates";
import { bundleLayer, changed, codeOf, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";

let world: SigstoreWorld;
let authority: Authority;
let carelessRoot: string;
beforeAll(async () => {
  world = await createSigstoreWorld();
  authority = createAuthority(new Date(world.clock.getTime() - 60_000));
  carelessRoot = changed(world.trustedRoot, (root) => {
    root.ctlogs = [];
    root.certificateAuthorities[0].certChain.certificates = [
      { rawBytes: authority.certificate.toString("base64") },
    ];
  }).toString();
});

type Settings = Partial<NonNullable<AuthorityInput["keyless"]>>;

function wanted(more: Settings = {}): AuthorityInput {
  const trustedRoots = [world.trustedRoot];
  const who = more.identityPattern ? {} : { identity };
  return { keyless: { issuer, ...who, trustedRoots, ...more } };
}

async function logged(signer: Signer) {
  const layer = await signatureLayer(subject, signer, { log: world });
  return evidenceOf(subject, layer, "sig");
}

const careless = (options?: CertificateOptions) =>
  logged(authority.issue(options));

test("a certificate of a private authority without certificate transparency is enough where its root has none", async () => {
  const input = wanted({ trustedRoots: [carelessRoot] });
  expect(await codeOf(input, await careless())).toBe("OK");
});

test.each<[string, CertificateOptions]>([
  ["for servers", { extendedKeyUsage: "1.3.6.1.5.5.7.3.1" }],
  ["without a purpose", { extendedKeyUsage: undefined }],
  ["of an authority", { isAuthority: true }],
  ["that may sign certificates", { keyUsage: Buffer.from([3, 2, 2, 0x84]) }],
  ["that may not sign", { keyUsage: Buffer.from([3, 2, 5, 0x20]) }],
  [
    "with an unknown critical extension",
    { more: [extension("1.2.3.4", Buffer.from([5, 0]), true)] },
  ],
  [
    "with an extension twice",
    {
      more: [
        extension("1.2.3.4", Buffer.from([5, 0])),
        extension("1.2.3.4", Buffer.from([5, 0])),
      ],
    },
  ],
  ["that names two issuers", { issuerV2: "https://other.example" }],
  [
    "that names two identities",
    { names: [uri(identity), uri("https://other.example")] },
  ],
  ["that names no identity", { names: [] }],
  [
    "with an identity outside ASCII",
    { names: [uri("https://acme.example/\u00e1pp")] },
  ],
])("T26: a leaf %s is refused", async (_, options) => {
  const input = wanted({ trustedRoots: [carelessRoot] });
  expect(await codeOf(input, await careless(options))).toBe("CERT_INVALID");
});

test.each([
  ["an e-mail address", email("release@acme.example"), "release@acme.example"],
  ["Fulcio's own form", otherName("acme/app"), "acme/app"],
])("an identity may be %s", async (_, name, whole) => {
  const input = wanted({ trustedRoots: [carelessRoot], identity: whole });
  expect(await codeOf(input, await careless({ names: [name] }))).toBe("OK");
});

test("T26: a bundle that brings a root is refused", async () => {
  const signer = authority.issue();
  const bytes = await dsseBundle(subject, signer, {
    predicateType: signPredicate,
    log: world,
  });
  const chain = [signer.certificate ?? Buffer.of(), authority.certificate];
  const bundle = changed(bytes, (value) => {
    value.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.2";
    delete value.verificationMaterial.certificate;
    value.verificationMaterial.x509CertificateChain = {
      certificates: chain.map((der) => ({ rawBytes: der.toString("base64") })),
    };
  });
  const rootless = changed(bundle, ({ verificationMaterial }) => {
    verificationMaterial.x509CertificateChain.certificates.pop();
  });
  const empty = changed(rootless, ({ verificationMaterial }) => {
    verificationMaterial.x509CertificateChain.certificates.pop();
  });
  const input = wanted({ trustedRoots: [carelessRoot] });
  const code = (bytes: Buffer) =>
    codeOf(input, evidenceOf(subject, bundleLayer(bytes)));
  expect(await code(rootless)).toBe("OK");
  expect(await code(bundle)).toBe("CERT_INVALID");
  expect(await code(empty)).toBe("CERT_INVALID");
});

test("T17: a certificate that is in no certificate transparency log is refused where the root has one", async () => {
  const trustedRoot = changed(carelessRoot, (root) => {
    root.ctlogs = JSON.parse(world.trustedRoot).ctlogs;
  }).toString();
  const answer = await verdictOn(
    wanted({ trustedRoots: [trustedRoot] }),
    await careless(),
  );
  expect(answer).toMatchObject({ code: "CERT_INVALID", seen: { identity } });
});

test("T17: the timestamp of an unknown certificate transparency log is refused", async () => {
  const other = await createSigstoreWorld();
  const trustedRoot = changed(world.trustedRoot, (root) => {
    root.ctlogs = JSON.parse(other.trustedRoot).ctlogs;
  }).toString();
  const evidence = await logged(await world.keyless({ issuer, identity }));
  expect(await codeOf(wanted({ trustedRoots: [trustedRoot] }), evidence)).toBe(
    "CERT_INVALID",
  );
  expect(await codeOf(wanted(), evidence)).toBe("OK");
});

test("T17: a certificate of another authority is refused", async () => {
  const other = await createSigstoreWorld();
  const evidence = await logged(await other.keyless({ issuer, identity }));
  expect(await codeOf(wanted(), evidence)).toBe("CERT_INVALID");
});

test.each([
  ["before", -3600_000],
  ["after", 3600_000],
])(
  "T17: a signature made %s its certificate was valid is refused",
  async (_, shiftMs) => {
    const later = await createSigstoreWorld();
    const signer = await later.keyless({ issuer, identity });
    later.clock.setTime(later.clock.getTime() + shiftMs);
    const layer = await signatureLayer(subject, signer, { log: later });
    const input = wanted({ trustedRoots: [later.trustedRoot] });
    expect(await codeOf(input, evidenceOf(subject, layer, "sig"))).toBe(
      "CERT_INVALID",
    );
  },
);

test("T17: a certificate outlives its authority in vain", async () => {
  const now = world.clock.getTime();
  const old = createAuthority(new Date(now - 2 * 24 * 60 * 60 * 1000));
  const trustedRoot = changed(world.trustedRoot, (root) => {
    root.ctlogs = [];
    root.certificateAuthorities[0].certChain.certificates = [
      { rawBytes: old.certificate.toString("base64") },
    ];
    root.certificateAuthorities[0].validFor.start = "2020-01-01T00:00:00Z";
  }).toString();
  const validity = [new Date(now - 60_000), new Date(now + 60_000)] as const;
  const evidence = await logged(old.issue({ validity }));
  expect(await codeOf(wanted({ trustedRoots: [trustedRoot] }), evidence)).toBe(
    "CERT_INVALID",
  );
});

test("T17: an authority is not trusted outside the validity that its root gives it", async () => {
  const trustedRoot = changed(
    world.trustedRoot,
    ({ certificateAuthorities }) => {
      certificateAuthorities[0].validFor = {
        start: "2020-01-01T00:00:00Z",
        end: "2021-01-01T00:00:00Z",
      };
    },
  ).toString();
  const evidence = await logged(await world.keyless({ issuer, identity }));
  expect(await codeOf(wanted({ trustedRoots: [trustedRoot] }), evidence)).toBe(
    "CERT_INVALID",
  );
});

describe("timestamps", () => {
  const unlogged: Settings = { tlog: "not-required" };

  async function stamped(form: "legacy" | "bundle", by: SigstoreWorld = world) {
    const signer = await world.keyless({ issuer, identity });
    const options = { predicateType: signPredicate, timestamp: by };
    if (form === "bundle") {
      return evidenceOf(
        subject,
        bundleLayer(await dsseBundle(subject, signer, options)),
      );
    }
    return evidenceOf(
      subject,
      await signatureLayer(subject, signer, options),
      "sig",
    );
  }

  test.each(["legacy", "bundle"] as const)(
    "T16: a %s timestamp by an unknown authority of the same name is refused",
    async (form) => {
      const stranger = await createSigstoreWorld();
      expect(await codeOf(wanted(unlogged), await stamped(form))).toBe("OK");
      expect(
        await codeOf(wanted(unlogged), await stamped(form, stranger)),
      ).toBe("TIME_INVALID");
    },
  );

  test("T16: a bad timestamp beside a good log entry is refused, too", async () => {
    const signer = await world.keyless({ issuer, identity });
    const timestamp = await createSigstoreWorld();
    const logAndStamp = { log: world, timestamp };
    const layer = await signatureLayer(subject, signer, logAndStamp);
    const evidence = evidenceOf(subject, layer, "sig");
    expect(await codeOf(wanted(), evidence)).toBe("TIME_INVALID");
  });

  test("T16: a timestamp over other bytes is refused", async () => {
    const signer = await world.keyless({ issuer, identity });
    const foreign = {
      ...world,
      timestamp: () => world.timestamp(Buffer.from("other")),
    };
    const layer = await signatureLayer(subject, signer, { timestamp: foreign });
    const evidence = evidenceOf(subject, layer, "sig");
    expect(await codeOf(wanted(unlogged), evidence)).toBe("TIME_INVALID");
  });

  test("T16: a timestamp outside its authority's validity is refused", async () => {
    const trustedRoot = changed(
      world.trustedRoot,
      ({ timestampAuthorities }) => {
        timestampAuthorities[0].validFor = {
          start: "2020-01-01T00:00:00Z",
          end: "2021-01-01T00:00:00Z",
        };
      },
    ).toString();
    const input = wanted({ ...unlogged, trustedRoots: [trustedRoot] });
    expect(await codeOf(input, await stamped("bundle"))).toBe("TIME_INVALID");
  });

  test("T16: what is no timestamp is refused", async () => {
    const signer = await world.keyless({ issuer, identity });
    const garbage = { ...world, timestamp: async () => Buffer.from("garbage") };
    const layer = await signatureLayer(subject, signer, { timestamp: garbage });
    const evidence = evidenceOf(subject, layer, "sig");
    expect(await codeOf(wanted(unlogged), evidence)).toBe("TIME_INVALID");
  });

  test("an identity with neither log nor timestamp proves no time", async () => {
    const signer = await world.keyless({ issuer, identity });
    const evidence = evidenceOf(
      subject,
      await signatureLayer(subject, signer),
      "sig",
    );
    expect(await codeOf(wanted(unlogged), evidence)).toBe("TIME_UNPROVEN");
    expect(await codeOf(wanted(), evidence)).toBe("TLOG_MISSING");
  });
});
