/** JSON as it travels in protobuf structs. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** The properties of a resource, in Pulumi's wire form: unknowns are sentinels, secrets are envelopes. */
export interface Properties {
  readonly [name: string]: Json;
}

export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknowns: ReadonlySet<string> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is an object of properties (and not an array). */
export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Reads untyped data as JSON; throws on what JSON cannot hold. */
export function toJson(value: unknown): Json {
  if (value === null || ["string", "number", "boolean"].includes(typeof value))
    return JSON.parse(JSON.stringify(value));
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object") throw new Error(`no JSON: ${typeof value}`);
  const members = Object.entries(value).filter(
    ([, member]) => member !== undefined,
  );
  return Object.fromEntries(
    members.map(([name, member]) => [name, toJson(member)]),
  );
}

/** Reads untyped data as properties; what is no object becomes empty. */
export function toProperties(value: unknown): Properties {
  const json = value === undefined ? {} : toJson(value);
  return isProperties(json) ? json : {};
}

export function isUnknown(value: Json | undefined): boolean {
  return typeof value === "string" && unknowns.has(value);
}

export function isSecret(value: Json | undefined): value is Properties {
  return isProperties(value) && value[signatureKey] === secretSignature;
}

export function secret(value: Json): Json {
  return isSecret(value)
    ? value
    : { [signatureKey]: secretSignature, value: unwrap(value) };
}

/** Whether some value at any depth satisfies a test. */
function anywhere(value: Json, test: (value: Json) => boolean): boolean {
  if (test(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member: Json) => anywhere(member, test));
}

export const hasUnknown = (value: Json): boolean => anywhere(value, isUnknown);
const hasSecret = (value: Json): boolean => anywhere(value, isSecret);

/** Replaces values from the outside in: where `change` answers undefined, members are visited. */
export function mapValues(
  value: Json,
  change: (value: Json) => Json | undefined,
): Json {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (isList(value)) return value.map((member) => mapValues(member, change));
  return isProperties(value) ? mapProperties(value, change) : value;
}

export function mapProperties(
  properties: Properties,
  change: (value: Json) => Json | undefined,
): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      mapValues(value, change),
    ]),
  );
}

const opened = (value: Json): Json | undefined =>
  isSecret(value) ? unwrap(value["value"] ?? null) : undefined;

/** The value without any secret envelope, as a provider that does not accept secrets sees it. */
export function unwrap(value: Json): Json {
  return mapValues(value, opened);
}

export function unwrapAll(properties: Properties): Properties {
  return mapProperties(properties, opened);
}

/** What the engine prints: secrets and unknowns are named, not shown. */
export function masked(value: Json): Json {
  return mapValues(value, (inner) => {
    if (isSecret(inner)) return "[secret]";
    return isUnknown(inner) ? "[unknown]" : undefined;
  });
}

/** Marks again what was secret in `known`: by name, and a whole array when a part of it was. */
export function annotateSecrets(
  values: Properties,
  known: Properties,
): Properties {
  const marked = Object.entries(values).map(([name, value]): [string, Json] => {
    const before = known[name];
    if (before === undefined || !hasSecret(before)) return [name, value];
    if (isSecret(before) || !isProperties(before) || !isProperties(value))
      return [name, secret(value)];
    return [name, annotateSecrets(value, before)];
  });
  return Object.fromEntries(marked);
}

/** What an engine does for a provider that accepts secrets: only whole properties are marked again. */
export function annotateTop(values: Properties, known: Properties): Properties {
  const marked = Object.entries(values).map(([name, value]): [string, Json] => [
    name,
    isSecret(known[name]) ? secret(value) : value,
  ]);
  return Object.fromEntries(marked);
}

/** JSON text with sorted members, for comparison. */
export function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isProperties(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) =>
            left < right ? -1 : 1,
          ),
        )
      : member,
  );
}

export function same(left: Json | undefined, right: Json | undefined): boolean {
  return canonical(left) === canonical(right);
}
