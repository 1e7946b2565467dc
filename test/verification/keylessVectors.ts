import type { Evidence } from "../../provider/mirror/ports";
import { dsseBundle, signPredicate } from "../samples/bundleEvidence";
import {
  signatureLayer,
  type StatementOptions,
} from "../samples/legacyEvidence";
import type { Signer } from "../samples/signers";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import {
  bundleLayer,
  changed,
  evidenceOf,
  type Editable,
} from "../unit/verifiers/world";
import type { VectorFile } from "./vector";
import { fileOf, root, type Wish } from "./writing";

const subject = root.descriptor;
const issuer = "https://token.actions.githubusercontent.com";
const identity =
  "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";
const job = "https://gitlab.com/acme/app//.gitlab-ci.yml@refs/heads/main";

const bundle = async (by: Signer, options: Partial<StatementOptions>) =>
  evidenceOf(
    subject,
    bundleLayer(
      await dsseBundle(subject, by, {
        predicateType: signPredicate,
        ...options,
      }),
    ),
  );

/** Signatures under Fulcio's certificates, by whichever word of a policy. */
export async function keylessVectors(): Promise<VectorFile> {
  const [log, strange] = [
    await createSigstoreWorld(),
    await createSigstoreWorld(),
  ];
  const certified = {
    11: "github-hosted",
    12: "https://github.com/acme/app",
    14: "refs/tags/v1",
  };
  const signer = await log.keyless({ issuer, identity, extensions: certified });
  const runner = await log.keyless({
    issuer: "https://gitlab.com",
    identity: job,
    extensions: { 12: "https://gitlab.com/acme/app", 14: "refs/heads/main" },
  });
  const trustedRoots = ["@root"];
  const keyless = (more: object = {}) => ({
    signedBy: [{ keyless: { issuer, identity, trustedRoots, ...more } }],
  });
  const github = (more: object = {}) => ({
    signedBy: [{ github: { repository: "acme/app", trustedRoots, ...more } }],
  });
  const gitlab = (more: object = {}) => ({
    signedBy: [{ gitlab: { project: "acme/app", trustedRoots, ...more } }],
  });
  const good = await bundle(signer, { log });
  const bent = (change: (entry: Editable) => void) =>
    evidenceOf(
      subject,
      bundleLayer(
        changed(good.bytes, ({ verificationMaterial: { tlogEntries } }) =>
          change(tlogEntries[0]),
        ),
      ),
    );
  const legacy = evidenceOf(
    subject,
    await signatureLayer(subject, signer, { log }),
    "sig",
  );
  const ci = await bundle(runner, { log });

  const again = await bundle(signer, { log });
  const { layer } = legacy;
  const promise = "dev.sigstore.cosign/bundle";
  const broken = changed(layer.annotations?.[promise] ?? "", (one) => {
    one.SignedEntryTimestamp = flipped(one.SignedEntryTimestamp);
  });
  const annotations = { ...layer.annotations, [promise]: `${broken}` };
  const withoutPromise = { ...legacy, layer: { ...layer, annotations } };
  const mixed = changed(log.trustedRoot, (one) => {
    one.certificateAuthorities = JSON.parse(
      strange.trustedRoot,
    ).certificateAuthorities;
  });

  const later = new Date(log.clock.getTime() + 60 * 24 * 60 * 60 * 1000);

  const wishes: readonly Wish[] = [
    { name: "a bundle", policy: keyless(), evidence: [good], code: "OK" },
    {
      name: "a bundle, months later",
      policy: keyless(),
      evidence: [good],
      now: later,
      code: "OK",
    },
    {
      name: "a legacy signature",
      policy: keyless(),
      evidence: [legacy],
      code: "OK",
    },
    {
      name: "a timestamp in place of the log",
      policy: keyless({ tlog: "not-required" }),
      evidence: [await bundle(signer, { timestamp: log })],
      code: "OK",
    },
    {
      name: "an identity by pattern",
      policy: keyless({
        identity: undefined,
        identityPattern: "https://github\\.com/acme/app/.+@refs/tags/.+",
      }),
      evidence: [good],
      code: "OK",
    },
    {
      name: "an extension as wanted",
      policy: keyless({ extensions: { runnerEnvironment: "github-hosted" } }),
      evidence: [good],
      code: "OK",
    },
    {
      name: "T5: another identity",
      policy: keyless({ identity: `${identity}0` }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "T5: another issuer",
      policy: keyless({ issuer: "https://issuer.example" }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "T6: a pattern that matches a part",
      policy: keyless({
        identity: undefined,
        identityPattern: "https://github\\.com/acme/ap",
      }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "T7: another extension",
      policy: keyless({ extensions: { runnerEnvironment: "self-hosted" } }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "T7: an absent extension",
      policy: keyless({ extensions: { buildTrigger: "push" } }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "T12: the log entry of another signature",
      policy: keyless(),
      evidence: [bent((entry) => Object.assign(entry, entryOf(again)))],
      code: "TLOG_MISMATCH",
    },
    {
      name: "T13: a promise with a bit flipped",
      policy: keyless(),
      evidence: [withoutPromise],
      code: "TLOG_INVALID",
    },
    {
      name: "T13: another log",
      policy: keyless(),
      evidence: [await bundle(signer, { log: strange })],
      code: "TLOG_INVALID",
    },
    {
      name: "T14: another root hash",
      policy: keyless(),
      evidence: [
        bent(
          (entry) =>
            (entry.inclusionProof.rootHash = flipped(
              entry.inclusionProof.rootHash,
            )),
        ),
      ],
      code: "TLOG_INVALID",
    },
    {
      name: "T17: another authority",
      policy: keyless({ trustedRoots: ["@mixed"] }),
      evidence: [good],
      code: "CERT_INVALID",
    },
    {
      name: "no proof at all",
      policy: keyless(),
      evidence: [await bundle(signer, {})],
      code: "TLOG_MISSING",
    },
    { name: "github", policy: github(), evidence: [good], code: "OK" },
    {
      name: "github, a tag by pattern",
      policy: github({ ref: "refs/tags/v*" }),
      evidence: [good],
      code: "OK",
    },
    {
      name: "github, another repository",
      policy: github({ repository: "acme/ap" }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "github, another ref",
      policy: github({ ref: "refs/heads/*" }),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "gitlab",
      policy: gitlab({ ref: "refs/heads/main" }),
      evidence: [ci],
      code: "OK",
    },
    {
      name: "gitlab, another project",
      policy: gitlab({ project: "acme/ap" }),
      evidence: [ci],
      code: "IDENTITY_MISMATCH",
    },
    {
      name: "gitlab, signed on GitHub",
      policy: gitlab(),
      evidence: [good],
      code: "IDENTITY_MISMATCH",
    },
  ];
  const texts = {
    root: log.trustedRoot,
    mixed: mixed.toString(),
  };
  return fileOf(texts, log.clock, wishes);
}

/** The log entry in a bundle. */
function entryOf({ bytes }: Evidence): Editable {
  const document = JSON.parse(Buffer.from(bytes).toString());
  return document.verificationMaterial.tlogEntries[0];
}

/** Base64 with a bit flipped in the middle. */
function flipped(text: string): string {
  const bytes = Buffer.from(text, "base64");
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString("base64");
}
