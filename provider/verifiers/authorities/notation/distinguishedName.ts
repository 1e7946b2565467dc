import type { Certificate } from "../../x509/certificate";
import { attributesOf } from "../../x509/names";

/** A distinguished name as notation compares it: one value for each attribute type. */
export type DistinguishedName = ReadonlyMap<string, string>;

const mandatory = ["C", "ST", "O"];
const ruleOfThree = "it must have at least C, ST (or S) and O";

/** Reads an RFC 4514 text by notation-go's rules. Throws an `Error` that begins behind what holds the text. */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.includes("=#")) {
    throw new Error(
      'has a value written as "=#…", which notation does not read',
    );
  }
  const name = new Map<string, string>();
  for (const { type, value, joined } of pairsIn(text)) {
    if (joined) throw new Error("joins attributes with +, which is not taken");
    add(name, type, value);
  }
  requireMandatory(name);
  return name;
}

/** The subject of a signer's certificate. Throws an `Error` for one that no identity of a trust policy can name. */
export function subjectNameOf(certificate: Certificate): DistinguishedName {
  const name = new Map<string, string>();
  for (const relative of attributesOf(certificate.subjectDer)) {
    const [attribute, ...joined] = relative;
    if (!attribute?.name || joined.length > 0) {
      throw new Error("has an attribute without a name, or joined ones");
    }
    add(name, attribute.name, attribute.text);
  }
  requireMandatory(name);
  return name;
}

/** Whether everything that one name says is said by the other too. */
export function isSubset(
  one: DistinguishedName,
  other: DistinguishedName,
): boolean {
  return [...one].every(([type, value]) => (other.get(type) ?? "") === value);
}

function add(name: Map<string, string>, type: string, value: string): void {
  const canonical = type === "S" ? "ST" : type;
  if (name.get(canonical)) {
    throw new Error(`has ${canonical} twice, which is not taken`);
  }
  name.set(canonical, value);
}

function requireMandatory(name: DistinguishedName): void {
  const missing = mandatory.find((type) => !name.get(type));
  if (missing !== undefined) {
    throw new Error(`has no ${missing}: ${ruleOfThree}`);
  }
}

interface Pair {
  readonly type: string;
  readonly value: string;
  /** whether it shares its relative name with the one before */
  readonly joined: boolean;
}

// a backslash takes whatever follows it along
const parts = /((?:\\[^]|[^\\,+;])*)([,+;]|$)/g;

function pairsIn(text: string): readonly Pair[] {
  const found = [...text.trim().matchAll(parts)];
  const covered = found.reduce((sum, [whole]) => sum + whole.length, 0);
  if (covered < text.trim().length) throw new Error("ends within an escape");
  const end = found.findIndex(([, , separator]) => separator === "");
  return found.slice(0, end + 1).map(([, pair = ""], i) => ({
    ...pairOf(pair),
    joined: found[i - 1]?.[2] === "+",
  }));
}

function pairOf(text: string): Omit<Pair, "joined"> {
  const at = text.indexOf("=");
  const type = text.slice(0, Math.max(at, 0)).trim();
  if (type === "") {
    throw new Error(`has ${JSON.stringify(text)}, which is no TYPE=value`);
  }
  return { type, value: unescaped(text.slice(at + 1)) };
}

const escape =
  /\\(?:([ "#+,;<=>\\])|((?:[0-9a-fA-F]{2}(?:\\(?=[0-9a-fA-F]{2}))?)+)|)/g;

/** Blanks around a value go, unless a backslash keeps the last one. */
function unescaped(text: string): string {
  const bare = text.trim();
  const kept = bare.endsWith("\\") && /\s$/.test(text) ? `${bare} ` : bare;
  return kept.replace(escape, (_, sign?: string, hex?: string) => {
    if (sign !== undefined) return sign;
    if (hex === undefined) throw new Error("has an escape that is none");
    return Buffer.from(hex.replaceAll("\\", ""), "hex").toString("utf8");
  });
}
