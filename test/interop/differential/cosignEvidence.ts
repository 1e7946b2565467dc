import type { Blob } from "../../samples/artifacts";
import { attachByFallback, attachLegacy } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import {
  attestationLayer,
  signatureLayer,
  type SignatureOptions,
  type StatementOptions,
} from "../../samples/legacyEvidence";
import type { SigstoreWorld } from "../../samples/sigstoreWorld";
import { put, type SampleDescriptor, type Target } from "../../samples/target";
import type { CosignTrust } from "./cosignTrust";

/** How cosign writes: tags, or bundles. */
export type CosignForm = "sig" | "att" | "bundle" | "bundleAtt";
type Who =
  "twoIssuers" | "key" | "otherKey" | "identity" | "otherIdentity" | "foreign";
type Wish = SignatureOptions & Partial<StatementOptions>;

/** One piece of evidence. */
export interface CosignPiece {
  readonly form: CosignForm;
  readonly by: Who;
  readonly logged?: boolean | "elsewhere";
  readonly stamped?: boolean;
  readonly wish?: Wish;
  /** says something about another image */
  readonly about?: "another";
  /** spoils a layer of a tag after it was signed */
  readonly spoil?: (layer: Blob) => Blob;
}

/** An image with its evidence. */
export interface CosignEvidence {
  readonly name: string;
  readonly pieces: readonly CosignPiece[];
}

/** The predicate type of attestations that say no other. */
export const reviewed = "https://example.com/reviewed/v1";

const forms: readonly CosignForm[] = ["sig", "att", "bundle", "bundleAtt"];
const tags: readonly CosignForm[] = ["sig", "att"];

const signers: readonly CosignEvidence[] = forms.flatMap((form) => [
  { name: `${form}: key`, pieces: [{ form, by: "key" }] },
  { name: `${form}: key, logged`, pieces: [{ form, by: "key", logged: true }] },
  {
    name: `${form}: key, logged elsewhere`,
    pieces: [{ form, by: "key", logged: "elsewhere" }],
  },
  {
    name: `${form}: other key`,
    pieces: [{ form, by: "otherKey", logged: true }],
  },
  {
    name: `${form}: identity`,
    pieces: [{ form, by: "identity", logged: true }],
  },
  {
    name: `${form}: identity, stamped`,
    pieces: [{ form, by: "identity", stamped: true }],
  },
  {
    name: `${form}: identity, logged and stamped`,
    pieces: [{ form, by: "identity", logged: true, stamped: true }],
  },
  { name: `${form}: identity, neither`, pieces: [{ form, by: "identity" }] },
  {
    name: `${form}: identity, logged elsewhere`,
    pieces: [{ form, by: "identity", logged: "elsewhere" }],
  },
  {
    name: `${form}: other identity`,
    pieces: [{ form, by: "otherIdentity", logged: true }],
  },
  {
    name: `${form}: two issuers`,
    pieces: [{ form, by: "twoIssuers", logged: true }],
  },
  {
    name: `${form}: foreign identity`,
    pieces: [{ form, by: "foreign", logged: true }],
  },
]);

const faulty = (
  name: string,
  which: readonly CosignForm[],
  piece: Partial<CosignPiece>,
): readonly CosignEvidence[] =>
  which.flatMap((form) =>
    (["key", "identity"] as const).map((by) => ({
      name: `${form}: ${by}, ${name}`,
      pieces: [{ form, by, logged: true, ...piece }],
    })),
  );

const signatures: readonly CosignForm[] = ["sig", "bundle"];
const attestations: readonly CosignForm[] = ["att", "bundleAtt"];
const dsse: readonly CosignForm[] = ["att", "bundle", "bundleAtt"];
const faults: readonly CosignEvidence[] = [
  ...faulty("tampered", forms, { wish: { tampered: true } }),
  ...faulty("about another image", forms, { about: "another" }),
  ...faulty("annotated", signatures, {
    wish: { optional: { build: "7" }, annotations: { build: "7" } },
  }),
  ...faulty("annotated otherwise", signatures, {
    wish: { optional: { build: "8" }, annotations: { build: "8" } },
  }),
  ...faulty("of another critical type", ["sig"], {
    wish: { type: "atomic container signature" },
  }),
  ...faulty("of another payload type", dsse, {
    wish: { payloadType: "application/json" },
  }),
  ...faulty("of another statement type", dsse, {
    wish: { statementType: "https://in-toto.io/Statement/v7" },
  }),
  ...faulty("of the older statement type", dsse, {
    wish: { statementType: "https://in-toto.io/Statement/v0.1" },
  }),
  ...faulty("without subjects", dsse, { wish: { subjects: [] } }),
  ...faulty("of another predicate", attestations, {
    wish: { predicateType: "https://example.com/other/v1" },
  }),
  ...faulty("an intoto entry", ["att"], { wish: { kind: "intoto" } }),
  ...faulty("a layer changed", tags, {
    spoil: (layer) => ({
      ...layer,
      bytes: Buffer.concat([layer.bytes, Buffer.from(" ")]),
    }),
  }),
  ...faulty("certificate taken away", tags, {
    spoil: without("dev.sigstore.cosign/certificate"),
  }),
  ...faulty("log entry taken away", tags, {
    spoil: without("dev.sigstore.cosign/bundle"),
  }),
  ...faulty("signature taken away", ["sig"], {
    spoil: without("dev.cosignproject.cosign/signature"),
  }),
];

const good = (form: CosignForm): CosignPiece => ({
  form,
  by: "key",
  logged: true,
});
const bad = (form: CosignForm): CosignPiece => ({
  form,
  by: "otherKey",
  logged: true,
});
const mixed: readonly CosignEvidence[] = [
  { name: "nothing", pieces: [] },
  { name: "sig: a stranger's beside", pieces: [bad("sig"), good("sig")] },
  { name: "att: a stranger's beside", pieces: [good("att"), bad("att")] },
  {
    name: "bundle: a stranger's beside",
    pieces: [bad("bundle"), good("bundle")],
  },
  {
    name: "sig behind a stranger's bundle",
    pieces: [good("sig"), bad("bundle")],
  },
  {
    name: "sig behind a stranger's attestation bundle",
    pieces: [good("sig"), bad("bundleAtt")],
  },
  {
    name: "sig behind an own attestation bundle",
    pieces: [good("sig"), good("bundleAtt")],
  },
  {
    name: "att behind a stranger's bundle",
    pieces: [good("att"), bad("bundle")],
  },
  {
    name: "bundle before a stranger's sig",
    pieces: [good("bundle"), bad("sig")],
  },
  { name: "sig and att", pieces: [good("sig"), good("att")] },
  {
    name: "bundle and attestation bundle",
    pieces: [good("bundle"), good("bundleAtt")],
  },
  { name: "a stranger's everything", pieces: forms.map(bad) },
];

/** All of it. */
export const cosignEvidence: readonly CosignEvidence[] = [
  ...signers,
  ...faults,
  ...mixed,
];

/** Where evidence goes, and whose it is. */
export interface CosignPlace {
  readonly target: Target;
  readonly subject: SampleDescriptor;
  /** what some evidence is about by mistake */
  readonly another: SampleDescriptor;
  readonly trust: CosignTrust;
  /** whether referrers are listed under their fallback tag */
  readonly fallback: boolean;
}

/** Attaches evidence to a subject, as cosign would. */
export async function attach(
  { pieces }: CosignEvidence,
  place: CosignPlace,
): Promise<void> {
  for (const suffix of ["sig", "att"] as const) {
    const own = pieces.filter(({ form }) => form === suffix);
    const layers: Blob[] = [];
    for (const piece of own) layers.push(await layerOf(piece, place));
    if (layers.length === 0) continue;
    await attachLegacy(place.target, place.subject, { suffix, layers });
  }
  for (const piece of pieces) await attachBundle(piece, place);
}

async function layerOf(piece: CosignPiece, place: CosignPlace): Promise<Blob> {
  const { subject, another, trust } = place;
  const { form, spoil = (layer) => layer } = piece;
  const about = piece.about ? another : subject;
  const options = { ...piece.wish, ...provenBy(piece, trust) };
  const signer = trust[piece.by];
  return spoil(
    form === "sig"
      ? await signatureLayer(about, signer, options)
      : await attestationLayer(about, signer, {
          predicateType: reviewed,
          ...options,
        }),
  );
}

async function attachBundle(
  piece: CosignPiece,
  { target, subject, another, trust, fallback }: CosignPlace,
): Promise<void> {
  if (piece.form !== "bundle" && piece.form !== "bundleAtt") return;
  const sha256 = another.digest.replace("sha256:", "");
  const referrer = await bundleReferrer(subject, trust[piece.by], {
    ...(piece.form === "bundleAtt" && { predicateType: reviewed }),
    ...(piece.about && { subjects: [{ name: "", digest: { sha256 } }] }),
    ...piece.wish,
    ...provenBy(piece, trust),
  });
  if (fallback) await attachByFallback(target, subject, referrer);
  else await put(target, referrer);
}

function provenBy(
  { logged, stamped }: CosignPiece,
  { world, otherWorld }: CosignTrust,
): { readonly log?: SigstoreWorld; readonly timestamp?: SigstoreWorld } {
  return {
    ...(logged && { log: logged === "elsewhere" ? otherWorld : world }),
    ...(stamped && { timestamp: world }),
  };
}

function without(annotation: string) {
  return (layer: Blob): Blob => {
    const kept = Object.entries(layer.annotations ?? {}).filter(
      ([name]) => name !== annotation,
    );
    return { ...layer, annotations: Object.fromEntries(kept) };
  };
}
