import type { Verdict } from "./ports";

/** What to do, by the codes that say so; what the reader can most likely do alone comes first. */
const remedies: readonly (readonly [codes: string, remedy: string])[] = [
  [
    "NO_EVIDENCE",
    'ask the publisher to sign this digest, point `evidence.repositories` at where the signatures are, or write `policy: { unverified: "why" }`',
  ],
  [
    "PREDICATE_MISSING",
    "ask the publisher for that attestation, or point `evidence.repositories` at where the attestations are",
  ],
  [
    "COVERAGE",
    'ask the publisher to sign the platforms named above, choose others with `platforms`, or let a signature on the index suffice (`coverage: "root"`)',
  ],
  [
    "IDENTITY_MISMATCH NOTATION_IDENTITY",
    "if the identity seen above is the right one, put it into the policy; otherwise do not use this artifact",
  ],
  [
    "UNLISTED",
    "let the credentials list referrers, or have the registry offer them: what could not be listed is never taken for absent",
  ],
  [
    "THRESHOLD",
    "wait until the others have signed, or lower `threshold` if that is what you mean",
  ],
  [
    "TRUST_OUTDATED",
    'bring the trust up to date: `trustRefresh: "tuf"` in the provider\'s configuration, a newer release of this provider, or a newer document in `trustedRoots`',
  ],
  [
    "TLOG_MISSING TIME_UNPROVEN",
    'if the signer uses no transparency log, write `tlog: "not-required"` for it; otherwise ask the publisher to sign with one',
  ],
  [
    "REFERENCE_MISMATCH",
    'it was signed under another name; if that is right, leave out `dockerReference: "exact"`',
  ],
  [
    "ANNOTATION_MISMATCH",
    "ask the publisher to sign with the annotations that the policy asks for, or correct `annotations`",
  ],
  [
    "TOO_OLD",
    "ask the publisher for a fresh attestation, or allow a greater `maxAge`",
  ],
  [
    "POLICY",
    "what was attested is not what the policy asks for: use another version, or correct the condition named above",
  ],
  [
    "UNSIGNED",
    "what lies inside the artifact counts only with a signature on it, or on the index around it, by somebody in `by`: ask the publisher for one",
  ],
  [
    "KEY_EXPIRED",
    "ask the publisher for a signature of the key in use now, and put that key into the policy",
  ],
  [
    "REVOKED",
    "the signer's certificate was revoked: do not use this artifact until the publisher has signed it anew",
  ],
  [
    "SIGNATURE_INVALID KEY_MISMATCH",
    "if the publisher signs with another key now, ask the publisher for it and put it into the policy; otherwise do not use this artifact until the publisher explains; the digest that was admitted before can be pinned with `digest`",
  ],
  [
    "CERT_INVALID",
    "ask the publisher for a signature by a certificate that is valid, or was at a time that is proven; if the issuer named above is one that you trust, give its root (`roots`, `trustedRoots`)",
  ],
  [
    "TLOG_INVALID",
    "if that log is one that you trust, give its `trusted_root.json` in `trustedRoots`; otherwise do not use this artifact until the publisher explains",
  ],
  [
    "REVOCATION_UNKNOWN",
    'try again when the revocation service answers, or give its lists of today as files (`crls`) with `revocation: "offline"`',
  ],
  [
    "NOTATION_SCOPE",
    "no statement of the trust policy is for this repository: add it to `registryScopes`, or map the name with `scopes`",
  ],
  [
    "NOTATION_AUTHENTICITY",
    "if the signer's root is the right one, add it to the trust store that the statement names",
  ],
  [
    "NOTATION_EXPIRED",
    "the signature has expired: ask the publisher to sign this digest anew",
  ],
  [
    "NOTATION_TIMESTAMP",
    "ask the publisher for a timestamped signature, or give the authority's root in the `tsa` trust store",
  ],
  [
    "NOTATION_NOT_ENFORCED",
    "a statement of level `audit` or `skip` proves nothing: make it `strict` or `permissive`, or write `unverified` with the reason",
  ],
  [
    "NOTATION_PLUGIN_NEEDED",
    "notation's own plugins are not run: ask for a signature that needs none",
  ],
  [
    "PLUGIN_NO_EVIDENCE",
    "ask the publisher for what the plugin judges, or correct its `artifactTypes`",
  ],
  [
    "PLUGIN_FAILED",
    "mend what the plugin found, or correct its `config` if it asks too much",
  ],
  [
    "PLUGIN_CHANGED PLUGIN_ERROR PLUGIN_REFUSED PLUGIN_TIMEOUT",
    "see to the plugin: it did not judge as it must; nothing says that the artifact is bad",
  ],
  ["LIMIT", "ask the publisher for evidence within the bounds named above"],
  [
    "UNSUPPORTED_FORMAT",
    "ask the publisher to sign in a format that is read here: a Sigstore bundle, one of cosign's, or a Notary Project signature",
  ],
];

const unasked =
  "could not ask somebody who has to answer: try again; nothing says that the artifact is bad";
const otherwise =
  "do not use this artifact until the publisher explains; the digest that was admitted before can be pinned with `digest`";
const maxRemedies = 2;

/** What the reader can do about what failed, at most two lines. */
export function remediesFor(failed: readonly Verdict[]): readonly string[] {
  const codes = failed.map(({ code }) => code);
  const known = remedies
    .filter(([wanted]) =>
      codes.some((code) => wanted.split(" ").includes(code)),
    )
    .map(([, remedy]) => remedy);
  const isUnasked = failed.some(({ outcome }) => outcome === "inconclusive");
  const found = [...(isUnasked ? [unasked] : []), ...known];
  return found.length > 0 ? found.slice(0, maxRemedies) : [otherwise];
}
