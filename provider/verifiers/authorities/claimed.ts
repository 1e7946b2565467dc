import { X509Certificate } from "@sigstore/core";
import type { Evidence, Signer } from "../../mirror/ports";
import { readNotationCose } from "../formats/cose";
import { readNotationJws } from "../formats/jws";
import type { NotationEnvelope } from "../formats/notationEnvelope";
import { isSignatureLayer, readSignatureMaterial } from "../formats/read";
import type { SignatureMaterial } from "../formats/signatureMaterial";
import { readBareStatement, readStatement } from "../formats/statement";
import { asRefusal, reasonText } from "../refusal";
import { readCertificate } from "../x509/certificate";
import { requireBytes } from "./requireBytes";
import { ownSignerOf } from "./sigstore/ownCertificate";
import { signerOf } from "./sigstore/identity";

/** What a piece of evidence says of itself. Nothing of it is proven: whoever may push can write it. */
export interface Claim {
  /** `cosign-simplesigning`, `dsse`, `sigstore-bundle-0.3`, `notation-jws`, …; a media type where it could not be read */
  readonly format: string;
  /** absent for a bare key, which evidence does not name */
  readonly signer?: Signer | undefined;
  readonly predicateType?: string | undefined;
  /** why nothing could be read of it */
  readonly problem?: string;
}

const maxBytes = 1024 * 1024; // as notation's own authority: larger envelopes cost their reader seconds
const statementType = "application/vnd.in-toto+json";
const envelopes: ReadonlyMap<
  string,
  {
    readonly format: string;
    readonly read: (
      bytes: Uint8Array,
    ) => NotationEnvelope | Promise<NotationEnvelope>;
  }
> = new Map([
  ["application/jose+json", { format: "notation-jws", read: readNotationJws }],
  ["application/cose", { format: "notation-cose", read: readNotationCose }],
]);

/** Whether a layer says who signed, or what is stated. */
export function canClaim(layer: {
  readonly mediaType: string;
  readonly layers: number;
}): boolean {
  const { mediaType } = layer;
  const isOne = layer.layers === 1 && envelopes.has(mediaType);
  return isOne || mediaType === statementType || isSignatureLayer(layer);
}

/** Reads what evidence says of itself; what cannot be read says why. */
export async function claimIn(evidence: Evidence): Promise<Claim> {
  const { mediaType } = evidence.layer;
  try {
    requireBytes(evidence);
    return await read(evidence);
  } catch (thrown) {
    return {
      format: mediaType,
      problem: reasonText(asRefusal(thrown).message),
    };
  }
}

async function read(evidence: Evidence): Promise<Claim> {
  const { layer, bytes } = evidence;
  if (layer.mediaType === statementType)
    return {
      format: "in-toto",
      predicateType: readBareStatement(bytes).predicateType,
    };
  const envelope = envelopes.get(layer.mediaType);
  if (!envelope)
    return claimOf(
      readSignatureMaterial(evidence, { allowChain: true }),
      layer.mediaType,
    );
  const { format } = envelope;
  if (bytes.length > maxBytes)
    return {
      format,
      problem: `it has ${bytes.length} bytes, and at most ${maxBytes} are read`,
    };
  const { chain } = await envelope.read(bytes);
  const { keyId, subject } = ownSignerOf(
    readCertificate(chain[0] ?? Buffer.alloc(0)),
  );
  return {
    format,
    signer: { ...(keyId && { keyId }), ...(subject && { subject }) },
  };
}

function claimOf(
  material: SignatureMaterial | undefined,
  mediaType: string,
): Claim {
  if (!material) return { format: mediaType };
  const { format, content, certificates } = material;
  const [leaf] = certificates;
  const predicateType =
    content.kind === "envelope"
      ? readStatement(content.envelope).predicateType
      : undefined;
  return { format, predicateType, signer: leaf && namedBy(leaf) };
}

/** Fulcio's certificates name an issuer; every other one is read as an authority of one's own writes it. */
function namedBy(leaf: Buffer): Signer {
  const own = () => ownSignerOf(readCertificate(leaf));
  try {
    const signer = signerOf(X509Certificate.parse(Buffer.from(leaf)));
    return signer.issuer === undefined ? own() : signer;
  } catch {
    return own();
  }
}
