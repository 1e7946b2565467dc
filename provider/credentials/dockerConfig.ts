import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "./environment";
import { brokenSource, type Finder, type Found, type Wanted } from "./finder";
import { askHelper } from "./helper";
import { longestMatches, normalizedKey } from "./match";

const entry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});

const config = z.object({
  auths: z.record(z.string(), entry.nullable()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

type Config = z.infer<typeof config>;

/** A configuration, and where it stands. */
interface Located {
  readonly config: Config;
  readonly source: string;
  readonly environment: Environment;
}

/** The JSON of a docker configuration in `DOCKER_AUTH_CONFIG`, as GitLab hands it to its jobs. */
export function dockerAuthConfigFinder(environment: Environment): Finder {
  const source = "DOCKER_AUTH_CONFIG";
  return {
    name: source,
    concerns: () => Boolean(environment[source]),
    find: async (wanted, reach) =>
      findIn(
        {
          config: parse(environment[source] ?? "", source),
          source,
          environment,
        },
        wanted,
        reach.signal,
      ),
  };
}

/** `config.json` in `DOCKER_CONFIG`, or in `.docker` of the home directory; read at every use. */
export function dockerConfigFinder(environment: Environment): Finder {
  const source = join(
    environment["DOCKER_CONFIG"] ||
      join(environment["HOME"] || homedir(), ".docker"),
    "config.json",
  );
  return {
    name: source,
    concerns: () => true,
    find: async (wanted, reach) => {
      const text = await readIfThere(source);
      if (text === undefined) return undefined;
      return findIn(
        { config: parse(text, source), source, environment },
        wanted,
        reach.signal,
      );
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code: unknown =
      typeof error === "object" && error !== null
        ? Reflect.get(error, "code")
        : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw brokenSource(
      path,
      `it cannot be read (${String(code)})`,
      "check who may read it",
    );
  }
}

/** The parser's own words quote the text, so they are left out (N44). */
function parse(text: string, source: string): Config {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw brokenSource(source, "it is not JSON", "mend it, or log in again");
  }
  const read = config.safeParse(json);
  if (read.success) return read.data;
  const path = read.error.issues[0]?.path.join(".") ?? "";
  throw brokenSource(
    source,
    `${path || "it"} is not what docker writes there`,
    "mend it, or log in again",
  );
}

/** A helper of the host, a path's own entry, the store of all hosts, the host's entry: the first that has something. */
async function findIn(
  located: Located,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const inline = readEntry(located, wanted);
  if (inline?.isForPath) return inline.found;
  const { credHelpers, credsStore } = located.config;
  const own = Object.entries(credHelpers ?? {}).find(
    ([host]) => normalizedKey(host) === wanted.host,
  )?.[1];
  const helper = own ?? (credsStore || undefined);
  if (helper === undefined) return inline?.found;
  const server =
    wanted.host === "docker.io" ? "https://index.docker.io/v1/" : wanted.host;
  const { source, environment } = located;
  return (
    (await askHelper({ helper, server, source, environment, signal })) ??
    inline?.found
  );
}

function readEntry(
  located: Located,
  wanted: Wanted,
): { readonly found: Found; readonly isForPath: boolean } | undefined {
  const { config, source } = located;
  const entries = Object.entries(config.auths ?? {}).flatMap(([key, value]) => {
    const found =
      value && readAuth(value, `${source}, entry ${normalizedKey(key)}`);
    return found ? [[normalizedKey(key), found] as const] : [];
  });
  const [match, other] = longestMatches(entries, wanted.repository);
  if (match === undefined) return undefined;
  const [key, found] = match;
  if (other !== undefined && !isSame(found, other[1])) {
    throw brokenSource(
      source,
      `two entries are for ${key}`,
      "leave one of them",
    );
  }
  return { found, isForPath: key.includes("/") };
}

/** Docker writes Docker Hub under several names; the same secret twice is no contradiction. */
function isSame(one: Found, other: Found): boolean {
  return one.kind === other.kind && one.secret === other.secret;
}

/** An entry without content is only a marker that a helper knows. */
function readAuth(
  value: z.infer<typeof entry>,
  source: string,
): Found | undefined {
  if (value.identitytoken)
    return { kind: "identityToken", source, secret: value.identitytoken };
  if (value.registrytoken)
    return { kind: "registryToken", source, secret: value.registrytoken };
  if (value.username && value.password) {
    return {
      kind: "basic",
      source,
      username: value.username,
      secret: value.password,
    };
  }
  if (!value.auth) return undefined;
  const text = Buffer.from(value.auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const [username, secret] = [
    text.slice(0, Math.max(colon, 0)),
    text.slice(colon + 1).replace(/\0+$/, ""),
  ];
  if (username === "" || secret === "") {
    throw brokenSource(
      source,
      "its `auth` is not user and password in base64",
      "log in again",
    );
  }
  return username === "<token>"
    ? { kind: "identityToken", source, secret }
    : { kind: "basic", source, username, secret };
}
