import type { NotationEnvelope } from "../../formats/notationEnvelope";
import { asRefusal, Refusal } from "../../refusal";
import { subjectText } from "../../x509/names";
import type { SigningChain } from "./chain";
import { isSubset, subjectNameOf } from "./distinguishedName";
import { everywhere } from "./scope";
import type { Statement } from "./trustPolicy";
import { certificatesOf, type TrustStores } from "./trustStores";

/** Whose signature it is, and whom the statement trusts. */
export interface AuthenticityQuery {
  readonly envelope: Pick<NotationEnvelope, "scheme">;
  readonly chain: SigningChain;
  readonly statement: Statement;
  readonly stores: TrustStores;
}

/** Refuses a signer for whom no trust store of the statement stands, or whom it does not name. The scheme says which stores count: a signing authority is not trusted as a mere authority, nor the other way round. Throws `NOTATION_AUTHENTICITY` or `NOTATION_IDENTITY`. */
export function requireTrusted(signed: AuthenticityQuery): true {
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

function requireIdentity({ chain, statement }: AuthenticityQuery): void {
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
