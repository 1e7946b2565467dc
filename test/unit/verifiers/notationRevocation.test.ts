import type { Evidence, Reach } from "../../../provider/mirror/ports";
import { notation } from "../../../provider/verifiers/authorities/notation";
import { image } from "../../samples/artifacts";
import {
  notationSigner,
  statementOf,
  trusting,
  trustPolicyOf,
  type NotationSigner,
  type StatementWish,
} from "../../samples/notation";
import { createRoot, extensions, purposeOids } from "../../samples/pki";
import {
  listPem,
  networkOf,
  ocspResponse,
  revocationList,
  type OcspWish,
} from "../../samples/revocation";
import { stamp, timestamper } from "../../samples/timestampAuthority";
import { notarized } from "./notarized";
import { authorityOf, offline } from "./world";

const subject = image().descriptor;
const ocspUrl = "http://ocsp.example/";
const crlUrl = "http://crl.example/acme.crl";
const signing = [
  extensions.keyUsage([0]),
  extensions.purposes([purposeOids.codeSigning]),
];
const signerAsking = (...more: readonly Buffer[]) =>
  notationSigner({ extensions: [...signing, ...more] });

/** What is said of a signature while the network answers so. */
async function answerOf(
  signer: NotationSigner,
  reach: Reach,
  more: {
    readonly wish?: StatementWish;
    readonly settings?: object;
    readonly evidence?: Evidence;
  } = {},
) {
  const { notation: trust } = trusting(signer, more.wish);
  const input = { notation: { ...trust, ...more.settings } };
  const authority = await authorityOf(input);
  const { evidence = notarized(subject, signer) } = more;
  return authority.authenticate(evidence, reach);
}

const ocspOf = (signer: NotationSigner, wish: OcspWish = {}) =>
  networkOf({ [ocspUrl]: ocspResponse(signer, signer.root, wish) }).reach;

test("a responder that says good is enough", async () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  expect(await answerOf(signer, ocspOf(signer))).toMatchObject({
    outcome: "authenticated",
  });
});

test("T31: a leaf that a responder calls revoked gives REVOKED, and shows the signer", async () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const reach = ocspOf(signer, { status: "revoked" });
  expect(await answerOf(signer, reach)).toMatchObject({
    outcome: "rejected",
    code: "REVOKED",
    seen: { subject: "CN=release,O=acme,ST=WA,C=US" },
  });
});

test("T31: a leaf on a revocation list gives REVOKED", async () => {
  const signer = signerAsking(extensions.crl(crlUrl));
  const entries = [{ serial: signer.serial }];
  const list = revocationList(signer.root, { entries });
  const { reach } = networkOf({ [crlUrl]: list });
  expect(await answerOf(signer, reach)).toMatchObject({ code: "REVOKED" });
});

test.each<[string, (signer: NotationSigner) => Buffer | number]>([
  ["does not answer", () => 503],
  [
    "answers for another authority",
    (signer) => ocspResponse(signer, createRoot()),
  ],
])(
  "T31: under strict, a responder that %s leaves it open, and blocks",
  async (_, answer) => {
    const signer = signerAsking(extensions.ocsp(ocspUrl));
    const { reach } = networkOf({ [ocspUrl]: answer(signer) });
    expect(await answerOf(signer, reach)).toMatchObject({
      outcome: "inconclusive",
      code: "REVOCATION_UNKNOWN",
    });
  },
);

test("T31: an expired list leaves it open, and blocks", async () => {
  const signer = signerAsking(extensions.crl(crlUrl));
  const dates = [new Date(0), new Date(1000)] as const;
  const { reach } = networkOf({
    [crlUrl]: revocationList(signer.root, { dates }),
  });
  expect(await answerOf(signer, reach)).toMatchObject({
    outcome: "inconclusive",
    code: "REVOCATION_UNKNOWN",
  });
});

test("under permissive a revoked leaf is only logged", async () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const reach = ocspOf(signer, { status: "revoked" });
  const wish = { level: "permissive" };
  expect(await answerOf(signer, reach, { wish })).toMatchObject({
    outcome: "authenticated",
    notes: [
      expect.any(String),
      expect.stringMatching(/^only logged: revocation: .* was revoked/),
    ],
  });
});

test("a statement that skips revocation asks nobody", async () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const wish = { override: { revocation: "skip" } };
  expect(await answerOf(signer, offline, { wish })).toMatchObject({
    outcome: "authenticated",
  });
});

test("nobody is asked about a signer that no store stands for", async () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const { reach, asked } = networkOf({});
  const evidence = notarized(subject, signer);
  for (const level of ["strict", "permissive", "audit"]) {
    await answerOf(notationSigner(), reach, { wish: { level }, evidence });
  }
  expect(asked).toEqual([]);
});

describe("offline", () => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const answerWith = (...crls: readonly string[]) =>
    answerOf(signer, offline, { settings: { revocation: "offline", crls } });

  test("the given lists decide", async () => {
    const pem = listPem(revocationList(signer.root));
    expect(await answerWith(pem)).toMatchObject({ outcome: "authenticated" });
    const entries = [{ serial: signer.serial }];
    const base64 = revocationList(signer.root, { entries }).toString("base64");
    expect(await answerWith(base64)).toMatchObject({ code: "REVOKED" });
  });

  test("what no list is about is a no, for asking again would not help", async () => {
    expect(await answerWith()).toMatchObject({
      outcome: "rejected",
      code: "REVOCATION_UNKNOWN",
    });
  });

  test("what is no list is found in check", () => {
    const { notation: settings } = trusting(signer);
    const parsed = notation.schema.safeParse({ ...settings, crls: ["acme"] });
    expect(parsed.error?.message).toContain("cannot be used");
  });
});

// answers are kept for a while, so each question is about a certificate of its own
test.each([
  ["before the key was lost still counts", new Date(), "authenticated"],
  ["after the key was lost does not count", new Date(0), "rejected"],
])("what a signing authority dates %s", async (_, invalidFrom, outcome) => {
  const signer = signerAsking(extensions.ocsp(ocspUrl));
  const reach = ocspOf(signer, { status: "revoked", invalidFrom });
  const stores = ["signingAuthority:acme"];
  const answer = await answerOf(signer, reach, {
    evidence: notarized(subject, signer, {
      scheme: "notary.x509.signingAuthority",
      signedAt: new Date(Date.now() - 60 * 60 * 1000),
    }),
    settings: {
      trustPolicy: trustPolicyOf(statementOf("prod", { stores })),
      trustStores: { signingAuthority: { acme: [signer.root.pem] } },
    },
  });
  expect(answer.outcome).toBe(outcome);
});

test.each([
  ["good", "authenticated"],
  ["revoked", "rejected"],
  ["unknown", "inconclusive"],
] as const)(
  "T31: under a timestamp authority that is %s, a signature is %s, whatever revocation is set to",
  async (status, outcome) => {
    const signer = notationSigner();
    const tsaRoot = createRoot();
    const tsa = timestamper(tsaRoot, {
      extensions: [
        extensions.keyUsage([0]),
        extensions.purposes([purposeOids.timeStamping], true),
        extensions.ocsp(ocspUrl),
      ],
    });
    const response = ocspResponse(tsa, tsaRoot, { status });
    const { reach } = networkOf({ [ocspUrl]: response });
    const answer = await answerOf(signer, reach, {
      evidence: notarized(subject, signer, {
        stamp: (bytes) => stamp(tsa, bytes),
      }),
      wish: {
        stores: ["ca:acme", "tsa:time"],
        override: { revocation: "skip" },
      },
      settings: {
        trustStores: {
          ca: { acme: [signer.root.pem] },
          tsa: { time: [tsaRoot.pem] },
        },
      },
    });
    expect(answer.outcome).toBe(outcome);
  },
);
