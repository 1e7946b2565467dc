/** The last part of a URN: the resource's name. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A URN's own type, without its parents' types. */
export function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

/** The package that a type or a function token belongs to; for a provider's type, the package it provides. */
export function packageOf(type: string): string {
  const parts = type.split(":");
  return (isProviderType(type) ? parts[2] : parts[0]) ?? "";
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

export function isDefaultProvider(urn: string): boolean {
  return isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));
}

/** A provider reference is `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.split("::").slice(0, -1).join("::");
}

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string | undefined;
}

/** A URN as the engine makes it: types of parents are joined, the stack's own type is left out. */
export function makeUrn({
  stack,
  project,
  type,
  name,
  parent,
}: UrnParts): string {
  const parentTypes = parent === undefined ? "" : (parent.split("::")[2] ?? "");
  const prefix =
    parentTypes === "" || parentTypes === "pulumi:pulumi:Stack"
      ? ""
      : `${parentTypes}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}
