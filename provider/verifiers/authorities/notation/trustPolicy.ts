import {
  asArray,
  asObject,
  optional,
  optionalString,
  readJson,
  refuseMiscased,
  requiredString,
  stringList,
  stringMap,
  type Json,
  type JsonObject,
} from "../../../oci/json";
import { once } from "../../once";
import type { DistinguishedName } from "./distinguishedName";
import { subjectsIn } from "./identities";
import { enforcementOf, isLevel, type Enforcement, type Level } from "./levels";
import { everywhere, isScope } from "./scope";
import { within } from "./within";

/** The kinds of trust store, as a trust policy names them. */
export const storeTypes = ["ca", "signingAuthority", "tsa"] as const;

/** One of `storeTypes`. */
export type StoreType = (typeof storeTypes)[number];

/** A trust store by its type and name. */
export interface StoreName {
  readonly type: StoreType;
  readonly name: string;
}

/** One statement of a trust policy. */
export interface Statement {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly level: Level;
  readonly enforcement: Enforcement;
  readonly verifyTimestamp: "always" | "afterCertExpiry";
  readonly stores: readonly StoreName[];
  /** as they are written */
  readonly identities: readonly string[];
  /** those that are X.509 subjects; `*` is none of them */
  readonly subjects: readonly DistinguishedName[];
}

/** The Notary Project's `trustpolicy.json`, version 1.0, checked as notation checks it (field.md §4.5). Throws an `Error` that says where it is wrong. */
export const readTrustPolicy = once(read, 64);

function read(text: string): readonly Statement[] {
  const document = asObject(readJson(Buffer.from(text)), "the trust policy");
  refuseMiscased(document, ["version", "trustPolicies"], "the trust policy");
  const version = optionalString(document, "version", "the trust policy");
  if (version !== "1.0") {
    throw new Error(
      `has version ${JSON.stringify(version)}, which must be "1.0"`,
    );
  }
  const list = asArray(
    optional(document, "trustPolicies") ?? [],
    "trustPolicies",
  );
  if (list.length === 0) throw new Error("has no statements in trustPolicies");
  const statements = list.map((value, i) => statementAt(value, i));
  requireUnique(
    statements.map(({ name }) => name),
    "name",
  );
  requireUnique(
    statements.flatMap(({ scopes }) => scopes),
    "registry scope",
  );
  return statements;
}

function requireUnique(values: readonly string[], what: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice === undefined) return;
  throw new Error(`has the ${what} ${JSON.stringify(twice)} twice`);
}

const members = [
  "name",
  "registryScopes",
  "signatureVerification",
  "trustStores",
  "trustedIdentities",
];

function statementAt(value: Json, i: number): Statement {
  const at = `trustPolicies[${i}]`;
  const object = asObject(value, at);
  refuseMiscased(object, members, at);
  const list = (member: string) =>
    stringList(optional(object, member) ?? [], `${at}.${member}`);
  const name = requiredString(object, "name", at);
  if (name === "") throw new Error(`${at}.name is empty`);
  const statement = {
    name,
    scopes: list("registryScopes"),
    ...verificationIn(object, at),
    stores: list("trustStores").map((store) => storeOf(store, at)),
    identities: list("trustedIdentities"),
  };
  requireScopes(statement.scopes, `${at}.registryScopes`);
  requireTrust(statement, at);
  const subjects = subjectsIn(statement.identities, `${at}.trustedIdentities`);
  return { ...statement, subjects };
}

const verificationMembers = ["level", "override", "verifyTimestamp"];

function verificationIn(
  statement: JsonObject,
  at: string,
): Pick<Statement, "level" | "enforcement" | "verifyTimestamp"> {
  const here = `${at}.signatureVerification`;
  const object = asObject(statement["signatureVerification"], here);
  refuseMiscased(object, verificationMembers, here);
  const level = optionalString(object, "level", here) ?? "";
  if (!isLevel(level)) {
    throw new Error(
      `${here}.level is ${JSON.stringify(level)}, which is no level`,
    );
  }
  const overrides = stringMap(
    optional(object, "override") ?? {},
    `${here}.override`,
  );
  const when = optionalString(object, "verifyTimestamp", here) || "always";
  if (when !== "always" && when !== "afterCertExpiry") {
    throw new Error(
      `${here}.verifyTimestamp is ${JSON.stringify(when)}, neither always nor afterCertExpiry`,
    );
  }
  return {
    level,
    enforcement: within(`${here}.override`, () =>
      enforcementOf(level, overrides),
    ),
    verifyTimestamp: when,
  };
}

function storeOf(text: string, at: string): StoreName {
  const [type = "", ...rest] = text.split(":");
  const name = rest.join(":");
  const known = storeTypes.find((one) => one === type);
  if (known && /^[a-zA-Z0-9_.-]+$/.test(name)) return { type: known, name };
  throw new Error(
    `${at}.trustStores has ${JSON.stringify(text)}, which is not one of ${storeTypes.join(", ")}, a colon and a name`,
  );
}

function requireScopes(scopes: readonly string[], at: string): void {
  if (scopes.length === 0) throw new Error(`${at} is empty`);
  if (scopes.length > 1 && scopes.includes(everywhere)) {
    throw new Error(`${at} has "*" beside others; it goes alone`);
  }
  const bad = scopes.find((scope) => scope !== everywhere && !isScope(scope));
  if (bad === undefined) return;
  throw new Error(
    `${at} has ${JSON.stringify(bad)}, which is no whole repository (host/path, without tag, digest or wildcard)`,
  );
}

function requireTrust(
  {
    level,
    stores,
    identities,
  }: Pick<Statement, "level" | "stores" | "identities">,
  at: string,
): void {
  if (level === "skip") {
    if (stores.length === 0 && identities.length === 0) return;
    throw new Error(
      `${at} skips everything, but names trust stores or identities`,
    );
  }
  if (stores.length > 0 && identities.length > 0) return;
  throw new Error(`${at} needs trustStores and trustedIdentities`);
}
