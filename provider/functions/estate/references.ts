import type { EstateText } from "./shape";

/** The registries of a file by alias, each as it is written in references. */
export type Aliases = ReadonlyMap<string, string>;

/** A place with its alias replaced. */
export interface Resolved {
  /** with its host: `docker.io/library/nginx:1.27.1` */
  readonly text: string;
  /** the alias or host that it began with */
  readonly registry: string;
  /** what stands behind that: `library/nginx:1.27.1` */
  readonly rest: string;
}

/** alias → `host/prefix`, without a slash at the end. */
export function aliasesOf(registries: EstateText["registries"]): Aliases {
  return new Map(
    Object.entries(registries ?? {}).map(([alias, registry]) => {
      if (typeof registry === "string") return [alias, trimmed(registry)];
      const { host, prefix } = registry;
      return [alias, trimmed(prefix ? `${host}/${prefix}` : host)];
    }),
  );
}

/** Whether the text names a host as references do; a bare word could as well be a repository on Docker Hub. */
export function isHost(text: string): boolean {
  return /[.:[]/.test(text) || text.toLowerCase() === "localhost";
}

/** Replaces the alias that a place begins with. Nothing is implied: it begins with an alias, or with a host. */
export function resolvePlace(
  written: string,
  aliases: Aliases,
): Resolved | { readonly reason: string } {
  const slash = written.indexOf("/");
  const registry = slash < 0 ? written : written.slice(0, slash);
  const rest = slash < 0 ? "" : written.slice(slash + 1);
  const host = aliases.get(registry);
  if (host !== undefined) {
    return { text: rest ? `${host}/${rest}` : host, registry, rest };
  }
  if (isHost(registry) && rest !== "") {
    return { text: written, registry, rest };
  }
  const known = [...aliases.keys()].join(", ") || "none";
  return {
    reason: `begins neither with an alias of \`registries\` (there are: ${known}) nor with a host; of Docker Hub write \`docker.io/${slash < 0 ? "library/" : ""}${written}\``,
  };
}

/** A prefix and what follows, with one slash between. */
export function joined(prefix: string | undefined, text: string): string {
  return prefix === undefined ? text : `${trimmed(prefix)}/${text}`;
}

/** A prefix without slashes at its end. */
export function trimmed(text: string): string {
  return text.replace(/\/+$/, "");
}
