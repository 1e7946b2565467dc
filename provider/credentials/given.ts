import { z } from "zod";
import type { Environment } from "./environment";
import { brokenSource, type Finder, type Found } from "./finder";
import { longestMatches, narrowKey } from "./match";

const secret = (what: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().meta({ secret: true }).describe(what);
const variable = (what: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      "must be the name of an environment variable",
    )
    .optional()
    .describe(what);

const forms = [
  "password",
  "passwordEnv",
  "identityToken",
  "identityTokenEnv",
  "registryToken",
  "registryTokenEnv",
] as const;

/** One entry of the provider's `credentials`. `…Env` names a variable that is read at the moment of use. */
export const credentialSettings = z
  .strictObject({
    registry: z
      .string()
      .min(1)
      .describe(
        "The registry's host, or a host and the beginning of a repository's path: `ghcr.io/acme`. The longest match wins.",
      ),
    username: z
      .string()
      .min(1)
      .optional()
      .describe("The user, for a password."),
    password: secret("The password, or the access token that stands for one."),
    passwordEnv: variable("The environment variable that holds the password."),
    identityToken: secret(
      "An identity (refresh) token, exchanged for an access token.",
    ),
    identityTokenEnv: variable(
      "The environment variable that holds the identity token.",
    ),
    registryToken: secret("A bearer token, sent as it is."),
    registryTokenEnv: variable(
      "The environment variable that holds the bearer token.",
    ),
  })
  .refine(
    (entry) => forms.filter((form) => entry[form] !== undefined).length === 1,
    {
      message: `needs exactly one of ${forms.join(", ")}`,
    },
  )
  .refine(
    (entry) =>
      (entry.password ?? entry.passwordEnv) === undefined ||
      entry.username !== undefined,
    {
      message: "needs a username beside the password",
      path: ["username"],
    },
  )
  .meta({
    id: "Credential",
    description: "A login for one registry, or for a part of it.",
  });

/** One entry as a user writes it. */
export type CredentialSettings = z.infer<typeof credentialSettings>;

const name = "the provider's `credentials`";

/** What the provider's configuration gives. It wins over every other source. */
export function givenFinder(
  given: readonly CredentialSettings[],
  environment: Environment,
): Finder {
  const entries = given.map(
    (entry) => [narrowKey(entry.registry), entry] as const,
  );
  return {
    name,
    concerns: () => given.length > 0,
    find: async ({ repository }) => {
      const [match, other] = longestMatches(entries, repository);
      if (match === undefined) return undefined;
      const [key, entry] = match;
      if (other !== undefined) {
        throw brokenSource(
          name,
          `two entries are for ${key}`,
          "leave one of them",
        );
      }
      return read(entry, key, environment);
    },
  };
}

function read(
  entry: CredentialSettings,
  key: string,
  environment: Environment,
): Found {
  const source = `${name}, entry ${key}`;
  const value = (
    plain: string | undefined,
    variableName: string | undefined,
  ): string | undefined => {
    if (variableName === undefined) return plain;
    const found = environment[variableName];
    if (found !== undefined && found !== "") return found;
    throw brokenSource(
      source,
      `the environment variable ${variableName} is not set`,
      "set it, or name another one",
    );
  };
  const identityToken = value(entry.identityToken, entry.identityTokenEnv);
  if (identityToken !== undefined)
    return { kind: "identityToken", source, secret: identityToken };
  const registryToken = value(entry.registryToken, entry.registryTokenEnv);
  if (registryToken !== undefined)
    return { kind: "registryToken", source, secret: registryToken };
  const password = value(entry.password, entry.passwordEnv);
  if (password !== undefined && entry.username !== undefined) {
    return {
      kind: "basic",
      source,
      username: entry.username,
      secret: password,
    };
  }
  throw brokenSource(
    source,
    "it holds no usable secret",
    "give a username and a password, or a token",
  );
}
