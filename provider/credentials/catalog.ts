import { createHash } from "node:crypto";
import type { Credential, FindCredential } from "../mirror/credential";
import { AwsLogins } from "./aws/aws";
import { azureFinder, AzureLogins } from "./azure/azure";
import { containersAuthFinder } from "./files/containersAuth";
import {
  dockerAuthConfigFinder,
  dockerConfigFinder,
} from "./files/dockerConfig";
import { ecrFinder } from "./aws/ecr";
import type { Environment } from "./environment";
import type { Finder, Found } from "./finder";
import { gitHubFinder } from "./github";
import { googleFinder, GoogleLogins } from "./google/google";
import { givenFinder } from "./given";
import type { CredentialSettings } from "./settings";

const anonymousId = "anonymous";
const nowhere = "nowhere";

/** What credentials are looked for with. */
export interface CredentialsOptions {
  /** the provider's `credentials` */
  readonly given: readonly CredentialSettings[];
  readonly environment: Environment;
}

/** All sources in the order in which they are asked; the first that has one decides (§4.2). */
export function findersOf(options: CredentialsOptions): readonly Finder[] {
  const { given, environment } = options;
  const aws = new AwsLogins();
  const google = new GoogleLogins(environment);
  const azure = new AzureLogins(environment);
  return [
    givenFinder(given, { environment, aws, google, azure }),
    dockerAuthConfigFinder(environment),
    containersAuthFinder(environment),
    dockerConfigFinder(environment),
    gitHubFinder(environment),
    ecrFinder(aws, environment),
    googleFinder(google),
    azureFinder(azure),
  ];
}

/** Finds the one credential of a repository; where no source has one, says which were asked. Reads nothing before it is used. */
export function credentialFinder(options: CredentialsOptions): FindCredential {
  return credentialsFrom(findersOf(options));
}

/** Asks finders in their order. A source that is broken is an error: the next one is not tried instead (N16). */
function credentialsFrom(finders: readonly Finder[]): FindCredential {
  const handles = new Map<string, string>();
  return async (repository, reach, refused) => {
    const host = repository.slice(0, repository.indexOf("/"));
    const tried: string[] = [];
    for (const finder of finders.filter((one) => one.concerns(host))) {
      const found = await finder.find(
        { host, repository, isFresh: refused !== undefined },
        reach,
      );
      if (found !== undefined) return { ...named(found, handles), tried };
      tried.push(finder.name);
    }
    return { kind: "anonymous", id: anonymousId, source: nowhere, tried };
  };
}

/** The same secret has the same handle, and the handle says nothing about it (§4.2.7). */
function named(found: Found, handles: Map<string, string>): Credential {
  if (found.kind === "anonymous") return { ...found, id: anonymousId };
  const username = found.kind === "basic" ? found.username : "";
  const key = createHash("sha256")
    .update([found.kind, username, found.secret].join("\0"))
    .digest("hex");
  const id = handles.get(key) ?? `credential-${handles.size + 1}`;
  handles.set(key, id);
  return { ...found, id };
}
