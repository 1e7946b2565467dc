import type {
  Authenticated,
  Authority,
  Evidence,
  Reach,
  Rejection,
  Signer,
} from "../../../mirror/ports";
import { vouch } from "../../../mirror/vouch";
import { readNotationCose } from "../../formats/cose";
import { readNotationJws } from "../../formats/jws";
import type { NotationEnvelope } from "../../formats/notationEnvelope";
import { requireTarget } from "../../formats/notationPayload";
import { asRefusal, reasonText, Refusal } from "../../refusal";
import { keyIdOf } from "../publicKey";
import { requireBytes } from "../requireBytes";
import type { RevocationList } from "../../revocation/revocationList";
import { subjectText } from "../../x509/names";
import { readSigningChain, type SigningChain } from "./chain";
import { runChecks, type Found } from "./runChecks";
import { requireSignature } from "./signature";
import type { Statement } from "./trustPolicy";
import type { TrustStores } from "./trustStores";

/** What `notation` makes an authority of. */
export interface NotationParts {
  readonly name: string;
  /** by which the statement was chosen */
  readonly repository: string;
  /** absent where the trust policy has none for the repository */
  readonly statement: Statement | undefined;
  readonly stores: TrustStores;
  readonly offline: boolean;
  readonly lists: readonly RevocationList[];
}

const artifactType = "application/vnd.cncf.notary.signature";

interface Form {
  readonly format: string;
  read(bytes: Uint8Array): NotationEnvelope | Promise<NotationEnvelope>;
}

const forms: ReadonlyMap<string, Form> = new Map([
  ["application/jose+json", { format: "notation-jws", read: readNotationJws }],
  ["application/cose", { format: "notation-cose", read: readNotationCose }],
]);

/** An authority over Notary Project signatures, under one statement of a trust policy. */
export function notationAuthority(parts: NotationParts): Authority {
  return {
    name: parts.name,
    wants: wantsOf(parts),
    reads: (layer) =>
      layer.via === "referrer" &&
      layer.artifactType === artifactType &&
      layer.layers === 1 &&
      forms.has(layer.mediaType),
    authenticate: (evidence, reach) => judge(evidence, parts, reach),
  };
}

const mostIdentities = 3;

function wantsOf({ statement, repository }: NotationParts): string {
  if (!statement)
    return `whom the trust policy names for ${repository}: nobody`;
  const { identities, name, stores } = statement;
  const listed = identities.slice(0, mostIdentities).join(" or ") || "nobody";
  const whom = identities.includes("*")
    ? `anybody under ${stores.map((store) => `${store.type}:${store.name}`).join(", ")}`
    : listed + (identities.length > mostIdentities ? " or others" : "");
  return `${whom} (notation, statement ${JSON.stringify(name)})`;
}

/** Never throws: whatever is thrown below is a rejection (T19). */
async function judge(
  evidence: Evidence,
  parts: NotationParts,
  reach: Reach,
): Promise<Authenticated | Rejection> {
  const form = forms.get(evidence.layer.mediaType);
  const format = form?.format ?? evidence.layer.mediaType;
  const { name: authority, offline } = parts;
  try {
    requireBytes(evidence);
    requireSmall(evidence);
    if (!form) {
      throw new Refusal(
        "UNSUPPORTED_FORMAT",
        "not a form that notation writes",
      );
    }
    const statement = statementOf(parts);
    const envelope = await form.read(evidence.bytes);
    const proven = await prove(evidence, {
      ...parts,
      statement,
      envelope,
      reach,
    });
    return vouch({ evidence, authority, format, ...proven });
  } catch (thrown) {
    const { code, message, seen } = asRefusal(thrown);
    const unasked = code === "REVOCATION_UNKNOWN" && !offline;
    return {
      outcome: unasked ? "inconclusive" : "rejected",
      evidence,
      authority,
      format,
      code,
      reason: reasonText(message),
      ...(seen && { seen }),
    };
  }
}

const maxEnvelopeBytes = 1024 * 1024;

/** Real envelopes have some ten kilobytes; one of megabytes takes its reader a second, and a gigabyte of memory. */
function requireSmall({ bytes }: Evidence): void {
  if (bytes.length <= maxEnvelopeBytes) return;
  throw new Refusal(
    "LIMIT",
    `the signature envelope has ${bytes.length} bytes; the bound is ${maxEnvelopeBytes}`,
  );
}

interface Case extends NotationParts {
  readonly statement: Statement;
  readonly envelope: NotationEnvelope;
  readonly reach: Reach;
}

/** Integrity first, then what the statement asks for; the signer is shown with whatever is refused. */
async function prove({ subject }: Evidence, parts: Case) {
  const { envelope, statement, offline, lists } = parts;
  const chain = readSigningChain(envelope.chain);
  const signer = signerOf(chain);
  try {
    requireSignature(envelope, chain.leaf.publicKey);
    requireTarget(envelope.payload, subject);
    const revocation = { offline, lists };
    const found = await runChecks({ ...parts, chain, revocation });
    requireEnforced(statement, found);
    const { times, validUntil } = found;
    return {
      signer,
      times,
      ...(validUntil && { validUntil }),
      notes: notesOf(statement, found),
    };
  } catch (thrown) {
    const { code, message, cause } = asRefusal(thrown);
    throw new Refusal(code, message, { seen: signer, cause });
  }
}

function statementOf({ statement, repository }: NotationParts): Statement {
  if (!statement) {
    throw new Refusal(
      "NOTATION_SCOPE",
      `no statement of the trust policy has ${repository} in its registryScopes`,
    );
  }
  if (statement.level === "skip") {
    throw notEnforced(statement, ["nothing was verified"]);
  }
  return statement;
}

/** A level that lets anybody's signature pass satisfies nothing here (architecture.md §5). */
function requireEnforced(statement: Statement, { logged }: Found): void {
  const { level, enforcement } = statement;
  if (level === "audit" || enforcement.authenticity !== "enforce") {
    throw notEnforced(
      statement,
      logged.length > 0 ? logged : ["every check passed"],
    );
  }
}

function notEnforced(statement: Statement, lines: readonly string[]): Refusal {
  const { name, level } = statement;
  return new Refusal(
    "NOTATION_NOT_ENFORCED",
    `statement ${JSON.stringify(name)} (level ${level}) enforces no signer, so it lets nothing in; its log: ${lines.join("; ")}`,
  );
}

function notesOf(
  { name, level }: Statement,
  { logged }: Found,
): readonly string[] {
  return [
    `statement ${JSON.stringify(name)} of the trust policy, level ${level}`,
    ...logged.map((line) => reasonText(`only logged: ${line}`)),
  ];
}

function signerOf({ leaf }: SigningChain): Signer {
  return { keyId: keyIdOf(leaf.publicKey), subject: subjectText(leaf) };
}
