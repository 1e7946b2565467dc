import { MirrorError } from "../mirror/errors";
import { unknown, type Value, type Values } from "../mirror/lifecycle";

/** A value that must not be shown. Its parts may be secret once more. */
export class Secret {
  constructor(readonly value: Marked) {}
}

/** A value that remembers which of its parts are secret. */
export type Marked =
  | string
  | number
  | boolean
  | undefined
  | typeof unknown
  | Secret
  | readonly Marked[]
  | MarkedValues;
export type MarkedValues = { readonly [name: string]: Marked };

/** JSON as Pulumi sends it, envelopes and sentinels included. */
export type Wire =
  string | number | boolean | null | readonly Wire[] | WireValues;
export type WireValues = { readonly [name: string]: Wire };

const envelope = "4dabf18193072939515e22adb298388d";
const secretEnvelope = "1b47061264138c4ac30d75fd1eb44270";
const outputEnvelope = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceEnvelope = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one sentinel per type: string, bool, number, array, asset, archive, object. */
const sentinels: readonly Wire[] = [
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Opens envelopes and sentinels at every depth. A resource reference becomes its id, else its URN. */
export function decode(wire: Wire | undefined): Marked {
  if (wire === null || wire === undefined) return undefined;
  if (sentinels.includes(wire)) return unknown;
  if (typeof wire !== "object") return wire;
  if (isArray(wire)) return wire.map(decode);
  switch (wire[envelope]) {
    case secretEnvelope:
      return new Secret(decode(wire["value"]));
    case outputEnvelope:
      return decodeOutput(wire);
    case resourceEnvelope:
      return decode(wire["id"] || wire["urn"]);
    default:
      return decodeValues(wire);
  }
}

/** `decode` for the values of a whole resource. */
export function decodeValues(wire: WireValues): MarkedValues {
  return mapValues(wire, decode);
}

function decodeOutput(wire: WireValues): Marked {
  const value = "value" in wire ? decode(wire["value"]) : unknown;
  return wire["secret"] === true ? new Secret(value) : value;
}

/**
 * The wire form: absent members are left out, holes in a list become `null`.
 * Throws `INVALID_INPUT` for what a Struct cannot carry: a number that is not finite, a text that is not Unicode, anything but JSON.
 */
function encode(marked: Marked, at = ""): Wire {
  if (marked === undefined) return null;
  if (marked === unknown) return unknownString;
  if (marked instanceof Secret) {
    return { [envelope]: secretEnvelope, value: encode(marked.value, at) };
  }
  if (typeof marked !== "object") return speakable(marked, at);
  if (isArray(marked)) {
    return marked.map((item, index) => encode(item, `${at}[${index}]`));
  }
  return encodeValues(marked, at);
}

/** `encode` for the values of a whole resource. */
export function encodeValues(marked: MarkedValues, at = ""): WireValues {
  const prototype: unknown = Object.getPrototypeOf(marked);
  if (prototype !== Object.prototype && prototype !== null) {
    throw unspeakable(at, "it is no plain object");
  }
  const present = Object.entries(marked).filter(
    ([, value]) => value !== undefined,
  );
  return mapValues(Object.fromEntries(present), (value, name) => {
    const path = at === "" ? name : `${at}.${name}`;
    // protobuf keeps its maps in ordinary objects
    if (name === "__proto__") throw unspeakable(path, "its name is reserved");
    return encode(value, path);
  });
}

function speakable(
  value: string | number | boolean,
  at: string,
): string | number | boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      if (!/\p{Surrogate}/u.test(value)) return value;
      throw unspeakable(at, "it is not Unicode");
    case "number":
      if (Number.isFinite(value)) return value;
      throw unspeakable(at, `it is ${value}`);
    default:
      throw unspeakable(at, `it is a ${typeof value}`);
  }
}

function unspeakable(at: string, why: string): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: `could not hand ${at || "a value"} to Pulumi`,
    why,
    remedy: "report this to the authors of artifact-mirror",
  });
}

/** The value without its marks. */
function plain(marked: Marked): Value {
  if (marked instanceof Secret) return plain(marked.value);
  if (typeof marked !== "object") return marked;
  return isArray(marked) ? marked.map(plain) : plainValues(marked);
}

/** `plain` for the values of a whole resource. */
export function plainValues(marked: MarkedValues): Values {
  return mapValues(marked, plain);
}

/** Whether a value is, or holds, a secret. */
export function hasSecret(marked: Marked): boolean {
  if (marked instanceof Secret) return true;
  return typeof marked === "object" && Object.values(marked).some(hasSecret);
}

/** Every text inside a secret. */
export function secretTexts(marked: Marked): readonly string[] {
  if (marked instanceof Secret) return texts(plain(marked));
  if (typeof marked !== "object") return [];
  return Object.values(marked).flatMap(secretTexts);
}

/** Every text inside a value. */
export function texts(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object") return [];
  return Object.values(value).flatMap(texts);
}

/** Lays `change` over `base`. What was secret stays secret, and what is not named stays as it is. */
function overlay(base: Marked, change: Value): Marked {
  if (change === undefined) return base;
  if (base instanceof Secret) return new Secret(overlay(base.value, change));
  if (typeof base !== "object" || typeof change !== "object") return change;
  if (isArray(change)) return overlayItems(base, change);
  return isArray(base) ? replaced(base, change) : overlayValues(base, change);
}

function overlayItems(
  base: readonly Marked[] | MarkedValues,
  change: readonly Value[],
): Marked {
  if (!isArray(base) || base.length !== change.length) {
    return replaced(base, change);
  }
  return change.map((item, index) => overlay(base[index], item));
}

function replaced(base: Marked, change: Value): Marked {
  return hasSecret(base) ? new Secret(change) : change;
}

/** `overlay` for the values of a whole resource. */
export function overlayValues(
  base: MarkedValues,
  change: Values,
): MarkedValues {
  const changed = mapValues(change, (value, name) =>
    overlay(own(base, name), value),
  );
  return Object.fromEntries([
    ...Object.entries(base),
    ...Object.entries(changed),
  ]);
}

/** A member that the object itself has; never one of its prototype's. */
export function own<T>(
  values: { readonly [name: string]: T },
  name: string,
): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isArray<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

function mapValues<From, To>(
  values: { readonly [name: string]: From },
  change: (value: From, name: string) => To,
): { readonly [name: string]: To } {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, change(value, name)]),
  );
}
