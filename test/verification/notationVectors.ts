import {
  notationSigner,
  statementOf,
  trustPolicyOf,
  type StatementWish,
} from "../samples/notation";
import {
  createRoot,
  extensions,
  purposeOids,
  type Issued,
} from "../samples/pki";
import { ocspResponse } from "../samples/revocation";
import { notarized } from "../unit/verifiers/notarized";
import type { VectorFile } from "./vector";
import { fileOf, root, type Wish } from "./writing";

const subject = root.descriptor;
const hourMs = 60 * 60 * 1000;
const ocspUrl = "http://ocsp.example/";

/** Notary Project signatures. */
export function notationVectors(): VectorFile {
  const now = new Date();
  const [signer, stranger] = [notationSigner(), notationSigner()];
  const usage = [
    extensions.keyUsage([0]),
    extensions.purposes([purposeOids.codeSigning]),
  ];
  /** each has a certificate of its own, because answers are kept */
  const revocable = () =>
    notationSigner(
      { extensions: [...usage, extensions.ocsp(ocspUrl)] },
      signer.root,
    );
  const answered = (
    status: "good" | "revoked",
    issuer: Issued = signer.root,
  ) => {
    const by = revocable();
    return {
      evidence: [notarized(subject, by)],
      network: { [ocspUrl]: ocspResponse(by, issuer, { status }) },
    };
  };
  const server = notationSigner(
    {
      extensions: [
        extensions.keyUsage([0]),
        extensions.purposes([purposeOids.serverAuth]),
      ],
    },
    signer.root,
  );
  const under = (wish: StatementWish = {}) => ({
    signedBy: [
      {
        notation: {
          trustPolicy: trustPolicyOf(statementOf("prod", wish)),
          trustStores: { ca: { acme: ["@root"] } },
        },
      },
    ],
  });
  const good = notarized(subject, signer);
  const expiring = notarized(subject, signer, {
    expiry: new Date(now.getTime() + hourMs),
  });
  const later = new Date(now.getTime() + 2 * hourMs);
  const wishes: readonly Wish[] = [
    { name: "JWS", policy: under(), evidence: [good], code: "OK" },
    {
      name: "COSE",
      policy: under(),
      evidence: [notarized(subject, signer, { form: "cose" })],
      code: "OK",
    },
    {
      name: "a scope that is ours",
      policy: under({ scopes: ["source.example/acme/app"] }),
      evidence: [good],
      code: "OK",
    },
    {
      name: "T29: a scope that is not ours",
      policy: under({ scopes: ["source.example/acme/ap"] }),
      evidence: [good],
      code: "NOTATION_SCOPE",
    },
    {
      name: "T29: a root in no store",
      policy: under(),
      evidence: [notarized(subject, stranger)],
      code: "NOTATION_AUTHENTICITY",
    },
    {
      name: "T29: another identity",
      policy: under({
        identities: ["x509.subject: C=US, ST=WA, O=acme, CN=other"],
      }),
      evidence: [good],
      code: "NOTATION_IDENTITY",
    },
    {
      name: "T29: alg none",
      policy: under(),
      evidence: [notarized(subject, signer, { algorithm: "none" })],
      code: "NOTATION_INTEGRITY",
    },
    {
      name: "T29: COSE with another algorithm",
      policy: under(),
      evidence: [notarized(subject, signer, { form: "cose", algorithm: -35 })],
      code: "NOTATION_INTEGRITY",
    },
    {
      name: "T29: an unknown critical attribute",
      policy: under(),
      evidence: [
        notarized(subject, signer, { attributes: { "!acme.example/x": "1" } }),
      ],
      code: "NOTATION_INTEGRITY",
    },
    {
      name: "T29: a reversed chain",
      policy: under(),
      evidence: [
        notarized(subject, signer, { chain: [...signer.chain].reverse() }),
      ],
      code: "NOTATION_INTEGRITY",
    },
    {
      name: "T29: a leaf for servers",
      policy: under(),
      evidence: [notarized(subject, server)],
      code: "NOTATION_INTEGRITY",
    },
    {
      name: "not yet expired",
      policy: under(),
      evidence: [expiring],
      code: "OK",
    },
    {
      name: "T29: expired, strict",
      policy: under(),
      evidence: [expiring],
      now: later,
      code: "NOTATION_EXPIRED",
    },
    {
      name: "T29: expired, permissive",
      policy: under({ level: "permissive" }),
      evidence: [expiring],
      now: later,
      code: "OK",
    },
    {
      name: "expired, strict, but only logged",
      policy: under({ override: { expiry: "log" } }),
      evidence: [expiring],
      now: later,
      code: "OK",
    },
    {
      name: "audit",
      policy: under({ level: "audit" }),
      evidence: [good],
      code: "NOTATION_NOT_ENFORCED",
    },
    {
      name: "skip",
      policy: under({ level: "skip" }),
      evidence: [good],
      code: "NOTATION_NOT_ENFORCED",
    },
    {
      name: "T30: another size",
      policy: under(),
      evidence: [notarized(subject, signer, { target: { size: 1 } })],
      code: "SUBJECT_MISMATCH",
    },
    {
      name: "T30: another media type",
      policy: under(),
      evidence: [
        notarized(subject, signer, {
          target: { mediaType: "application/json" },
        }),
      ],
      code: "SUBJECT_MISMATCH",
    },
    {
      name: "a responder says good",
      policy: under(),
      ...answered("good"),
      code: "OK",
    },
    {
      name: "T31: a responder says revoked",
      policy: under(),
      ...answered("revoked"),
      code: "REVOKED",
    },
    {
      name: "T31: a responder of another authority",
      policy: under(),
      ...answered("good", createRoot()),
      outcome: "inconclusive",
      code: "REVOCATION_UNKNOWN",
    },
    {
      name: "revoked, permissive",
      policy: under({ level: "permissive" }),
      ...answered("revoked"),
      code: "OK",
    },
    {
      name: "a stranger's beside the good one",
      policy: under(),
      evidence: [notarized(subject, stranger), good],
      code: "OK",
    },
  ];
  return fileOf({ root: signer.root.pem }, now, wishes);
}
