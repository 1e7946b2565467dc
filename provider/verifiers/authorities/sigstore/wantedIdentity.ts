import { RE2JS } from "re2js";
import type { Signer } from "../../../mirror/ports";
import { textOf } from "../../../mirror/textOf";

/** The identity that a policy asks for. */
export interface WantedIdentity {
  readonly issuer: string;
  readonly identity?: string | undefined;
  readonly identityPattern?: string | undefined;
  readonly extensions?:
    Readonly<Record<string, string | undefined>> | undefined;
  /** RE2 patterns that whole extensions must match */
  readonly extensionPatterns?: Readonly<Record<string, string>> | undefined;
}

/** Says what is not as wanted about a signer, or undefined when all is. */
export type IdentityCheck = (signer: Signer) => string | undefined;

const strangers = [
  "https://stranger.invalid/some/where@refs/heads/main",
  "nobody@stranger.invalid",
];

/** Why a pattern cannot be used, or undefined when it can. */
export function problemOfPattern(pattern: string): string | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    const open = strangers.every((identity) => compiled.matches(identity));
    return open
      ? 'matches every identity: name at least a host, there is no "any"'
      : undefined;
  } catch (error) {
    return `is not an RE2 pattern: ${textOf(error)}`;
  }
}

/** Makes the check of one wanted identity: whole strings, or patterns that must match the whole (T5, T6, T7). */
export function wantedIdentity(wanted: WantedIdentity): IdentityCheck {
  const { issuer, identity, identityPattern } = wanted;
  const isIdentity = matcher(identity, identityPattern);
  const conditions = conditionsOf(wanted);
  return (signer) => {
    if (signer.issuer !== issuer) return differs("issuer", signer.issuer);
    if (!isIdentity(signer.identity)) {
      return differs("identity", signer.identity);
    }
    const wrong = conditions.find(
      ({ name, holds }) => !holds(signer.extensions?.[name]),
    );
    if (!wrong) return undefined;
    const { name, wish } = wrong;
    return `${differs(name, signer.extensions?.[name])}, wanted ${JSON.stringify(wish)}`;
  };
}

/** The names of a certificate that a policy asks for: each given one must hold. */
export interface WantedName {
  readonly subject?: string | undefined;
  readonly identity?: string | undefined;
  readonly identityPattern?: string | undefined;
}

/** The same for certificates of one's own: no issuer but the roots. */
export function wantedName(wanted: WantedName): IdentityCheck {
  const { subject, identity, identityPattern } = wanted;
  const asksIdentity = identity !== undefined || identityPattern !== undefined;
  const isIdentity = matcher(identity, identityPattern);
  return (signer) => {
    if (subject !== undefined && signer.subject !== subject) {
      return differs("subject", signer.subject);
    }
    if (!asksIdentity || isIdentity(signer.identity)) return undefined;
    return differs("identity", signer.identity);
  };
}

type Matcher = (text: string | undefined) => boolean;

function matcher(
  whole: string | undefined,
  pattern: string | undefined,
): Matcher {
  if (pattern === undefined) {
    return (text) => text !== undefined && text === whole;
  }
  const compiled = RE2JS.compile(pattern);
  return (text) => text !== undefined && compiled.matches(text);
}

/** What an extension of the certificate must be: a whole string, or a pattern. */
interface Condition {
  readonly name: string;
  readonly wish: string;
  readonly holds: Matcher;
}

function conditionsOf({
  extensions = {},
  extensionPatterns = {},
}: WantedIdentity): readonly Condition[] {
  const exact = Object.entries(extensions).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [{ name, wish: value, holds: matcher(value, undefined) }],
  );
  const like = Object.entries(extensionPatterns).map(([name, wish]) => ({
    name,
    wish,
    holds: matcher(undefined, wish),
  }));
  return [...exact, ...like];
}

function differs(what: string, seen: string | undefined): string {
  return seen === undefined
    ? `its certificate has no ${what}`
    : `its ${what} is ${JSON.stringify(seen)}`;
}
