import type { AwsLogins } from "./aws/aws";
import type { AzureLogins } from "./azure/azure";
import type { Environment } from "./environment";
import { brokenSource, type Finder, type Found } from "./finder";
import type { GoogleLogins } from "./google/google";
import { longestMatches, narrowKey } from "./match";
import type { CredentialSettings } from "./settings";

const name = "the provider's `credentials`";

/** What the entries of a configuration may refer to. */
export interface Machine {
  readonly environment: Environment;
  readonly aws: AwsLogins;
  readonly google: GoogleLogins;
  readonly azure: AzureLogins;
}

/** What the provider's configuration gives. It wins over every other source. */
export function givenFinder(
  given: readonly CredentialSettings[],
  machine: Machine,
): Finder {
  const entries = given.map(
    (entry) => [narrowKey(entry.registry), entry] as const,
  );
  return {
    name,
    concerns: () => given.length > 0,
    find: async (wanted, reach) => {
      const [match, other] = longestMatches(entries, wanted.repository);
      if (match === undefined) return undefined;
      const [key, entry] = match;
      if (other !== undefined) {
        throw brokenSource(
          name,
          `two entries are for ${key}`,
          "leave one of them",
        );
      }
      const source = `${name}, entry ${key}`;
      if (entry.anonymous) return { kind: "anonymous", source };
      const request = { host: wanted.host, source };
      const { aws, google, azure } = entry;
      if (aws)
        return machine.aws.login({ ...request, settings: aws }, wanted, reach);
      if (google) {
        const asked = { ...request, settings: google };
        return machine.google.login(asked, wanted, reach);
      }
      if (azure) {
        const asked = { ...request, settings: azure };
        return machine.azure.login(asked, wanted, reach);
      }
      return read(entry, source, machine.environment);
    },
  };
}

function read(
  entry: CredentialSettings,
  source: string,
  environment: Environment,
): Found {
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
