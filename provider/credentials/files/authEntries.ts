import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Environment } from "../environment";
import {
  brokenSource,
  type Found,
  type FoundLogin,
  type Wanted,
} from "../finder";
import { askHelper } from "./helper";
import { decodeLogin } from "../login";
import { longestMatches } from "../match";

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

/** How two families of tools read what looks the same. */
export interface Dialect {
  /** whose files these are, for messages */
  readonly writer: string;
  /** a key as `host[:port][/path]` */
  keyOf(written: string): string;
  /** what a helper is asked for */
  serverOf(host: string): string;
}

/** A configuration, and where it stands. */
interface Located {
  readonly config: Config;
  readonly source: string;
  readonly environment: Environment;
  readonly dialect: Dialect;
}

/** Where a document of entries by registry stands, and how it is read. */
export interface Document extends Omit<Located, "config"> {
  readonly text: string;
}

/** The credential that a document of `auths`, `credHelpers` and `credsStore` has for a repository. */
export async function findInDocument(
  { text, ...rest }: Document,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const config = parse(text, rest);
  return findIn({ ...rest, config }, wanted, signal);
}

/** A file's text; `undefined` where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
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
function parse(
  text: string,
  { source, dialect }: Omit<Located, "config">,
): Config {
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
    `${path || "it"} is not what ${dialect.writer} writes there`,
    "mend it, or log in again",
  );
}

/** A path's own entry, a helper of the host or of all hosts, the host's entry: the first that has something. */
async function findIn(
  located: Located,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const inline = readEntry(located, wanted);
  const helper = helperOf(located, wanted.host);
  if (inline?.isForPath || helper === undefined) return inline?.found;
  const { source, environment, dialect } = located;
  const server = dialect.serverOf(wanted.host);
  const call = { helper, server, source, environment, signal };
  return (await askHelper(call)) ?? inline?.found;
}

function helperOf(
  { config, dialect }: Located,
  host: string,
): string | undefined {
  const own = Object.entries(config.credHelpers ?? {}).find(
    ([key]) => dialect.keyOf(key) === host,
  );
  return own?.[1] ?? (config.credsStore || undefined);
}

function readEntry(
  { config, source, dialect }: Located,
  wanted: Wanted,
): { readonly found: FoundLogin; readonly isForPath: boolean } | undefined {
  const entries = Object.entries(config.auths ?? {}).flatMap(([key, value]) =>
    value && Object.values(value).some(Boolean)
      ? [[dialect.keyOf(key), value] as const]
      : [],
  );
  const matches = longestMatches(entries, wanted.repository);
  const read = matches.flatMap(([key, value]) => {
    const found = readAuth(value, `${source}, entry ${key}`);
    return found ? [{ found, isForPath: key.includes("/") }] : [];
  });
  const [match, other] = read;
  if (match && other && !isSame(match.found, other.found)) {
    throw brokenSource(
      source,
      `two entries are for ${wanted.host}`,
      "leave one of them",
    );
  }
  return match;
}

/** Docker writes Docker Hub under several names; the same secret twice is no contradiction. */
function isSame(one: FoundLogin, other: FoundLogin): boolean {
  return one.kind === other.kind && one.secret === other.secret;
}

/** An entry without content is only a marker that a helper knows. */
function readAuth(
  value: z.infer<typeof entry>,
  source: string,
): FoundLogin | undefined {
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
  const login = decodeLogin(value.auth);
  if (login === undefined) {
    throw brokenSource(
      source,
      "its `auth` is not user and password in base64",
      "log in again",
    );
  }
  return login.username === "<token>"
    ? { kind: "identityToken", source, secret: login.secret }
    : { kind: "basic", source, ...login };
}
