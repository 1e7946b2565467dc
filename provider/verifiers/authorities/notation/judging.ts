import type { ProvenTime, Reach } from "../../../mirror/ports";
import type { NotationEnvelope } from "../../formats/notationEnvelope";
import { asRefusal, Refusal } from "../../refusal";
import { subjectText } from "../x509/names";
import type { SigningChain } from "./chain";
import { isSubset, subjectNameOf } from "./distinguishedName";
import type { Check } from "./levels";
import { requireUnrevoked, type RevocationQuery } from "./revocation";
import { everywhere } from "./scope";
import { proveTimeliness } from "./timeliness";
import type { Statement } from "./trustPolicy";
import { certificatesOf, type TrustStores } from "./trustStores";

/** A signature whose integrity is proven, and what it is held against. */
export interface Signed {
  readonly envelope: NotationEnvelope;
  readonly chain: SigningChain;
  readonly statement: Statement;
  readonly stores: TrustStores;
  readonly revocation: Pick<RevocationQuery, "offline" | "lists">;
  readonly reach: Reach;
}

/** What the checks of a statement found. */
export interface Found {
  readonly times: readonly ProvenTime[];
  readonly validUntil?: Date;
  /** what failed where failing is only logged: `expiry: …` */
  readonly logged: readonly string[];
}

/** Runs the checks of a statement as notation does, in its order (verification.md §3.1). Throws the refusal of the first that fails and is enforced. */
export async function runChecks(signed: Signed): Promise<Found> {
  const { envelope, chain, statement, reach } = signed;
  const now = reach.now();
  const logged: string[] = [];
  const check = async <Result>(
    name: Check,
    work: () => Result | Promise<Result>,
  ): Promise<Result | undefined> => {
    const action = statement.enforcement[name];
    if (action === "skip") return undefined;
    try {
      return await work();
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (action === "enforce" || reach.signal.aborted) throw refusal;
      logged.push(`${name}: ${refusal.message}`);
      return undefined;
    }
  };
  const isTrusted = await check("authenticity", () => requireTrusted(signed));
  await check("expiry", () => requireFresh(envelope, now));
  const unrevoked = { ...signed.revocation, reach };
  const timely = await check("authenticTimestamp", () =>
    proveTimeliness({
      ...signed,
      chain: chain.all,
      now,
      requireUnrevoked: (authority) => requireUnrevoked(authority, unrevoked),
    }),
  );
  if (isTrusted) {
    await check("revocation", () =>
      requireUnrevoked(chain.all, {
        ...unrevoked,
        ...(envelope.scheme === "notary.x509.signingAuthority" && {
          signedAt: envelope.signingTime,
        }),
      }),
    );
  } else {
    // its URLs are asked only when somebody stands for it
    logged.push(
      "revocation: nobody was asked, as nobody stands for the signer",
    );
  }
  const until = endOf(signed, timely?.until);
  return {
    times: timely?.proven ? [timely.proven] : [],
    ...(until && { validUntil: until }),
    logged,
  };
}

/** The first moment at which an enforced check would fail. */
function endOf(
  { envelope, statement: { enforcement } }: Signed,
  until: Date | undefined,
): Date | undefined {
  const ends = [
    enforcement.expiry === "enforce" ? envelope.expiry : undefined,
    enforcement.authenticTimestamp === "enforce" ? until : undefined,
  ].filter((end) => end !== undefined);
  if (ends.length === 0) return undefined;
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}

function requireFresh({ expiry }: NotationEnvelope, now: Date): void {
  if (!expiry || now < expiry) return;
  throw new Refusal(
    "NOTATION_EXPIRED",
    `the signature has expired on ${expiry.toISOString()}`,
  );
}

/** The scheme says which stores count: a signing authority is not trusted as a mere authority, nor the other way round. */
function requireTrusted(signed: Signed): true {
  const { envelope, chain, statement, stores } = signed;
  const type =
    envelope.scheme === "notary.x509" ? "ca" : ("signingAuthority" as const);
  const trusted = certificatesOf(stores, statement.stores, type);
  const known = chain.all.some(({ der }) =>
    trusted.some((certificate) => certificate.der.equals(der)),
  );
  if (!known) {
    const names = statement.stores
      .filter((store) => store.type === type)
      .map(({ name }) => `${type}:${name}`);
    throw new Refusal(
      "NOTATION_AUTHENTICITY",
      names.length > 0
        ? `no certificate of the signer's chain is in ${names.join(", ")}`
        : `the statement names no store of type ${type}, which signing scheme ${envelope.scheme} asks for`,
    );
  }
  requireIdentity(signed);
  return true;
}

function requireIdentity({ chain, statement }: Signed): void {
  const { identities, subjects, name } = statement;
  if (identities.includes(everywhere)) return;
  const seen = subjectText(chain.leaf);
  const subject = subjectNameOrWhy(chain);
  if (typeof subject === "string") {
    throw new Refusal("NOTATION_IDENTITY", `the signer ${seen} ${subject}`);
  }
  if (subjects.some((wanted) => isSubset(wanted, subject))) return;
  throw new Refusal(
    "NOTATION_IDENTITY",
    `the signer is "x509.subject: ${seen}", whom statement ${JSON.stringify(name)} does not name`,
  );
}

function subjectNameOrWhy(chain: SigningChain) {
  try {
    return subjectNameOf(chain.leaf);
  } catch (thrown) {
    return asRefusal(thrown).message;
  }
}
