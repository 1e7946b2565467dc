import type { ProvenTime, Reach } from "../../../mirror/ports";
import type { NotationEnvelope } from "../../formats/notationEnvelope";
import { asRefusal, Refusal } from "../../refusal";
import { requireTrusted } from "./authenticity";
import type { SigningChain } from "./chain";
import type { Check } from "./levels";
import { requireUnrevoked, type RevocationTerms } from "./revocation";
import { proveTimeliness } from "./timeliness";
import type { Statement } from "./trustPolicy";
import type { TrustStores } from "./trustStores";

/** A signature whose integrity is proven, and what it is held against. */
export interface Signed {
  readonly envelope: NotationEnvelope;
  readonly chain: SigningChain;
  readonly statement: Statement;
  readonly stores: TrustStores;
  readonly revocation: Pick<RevocationTerms, "offline" | "lists">;
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
  const { envelope, chain, reach } = signed;
  const now = reach.now();
  const { check, logged } = gateOf(signed);
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

/** Runs one check after the other, and keeps what is only logged. */
function gateOf({ statement, reach }: Signed) {
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
  return { check, logged };
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
