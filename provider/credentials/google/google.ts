import { z } from "zod";
import type { Reach } from "../../mirror/ports";
import { cloudFailure, unlessNobody } from "../cloud/failure";
import { CloudRequests } from "../cloud/requests";
import type { Environment } from "../environment";
import {
  brokenSource,
  type Finder,
  type FoundLogin,
  type Wanted,
} from "../finder";
import { findGoogleIdentity, type GoogleIdentity } from "./identity";
import { TimedLogins, type TimedLogin } from "../cloud/timedLogins";

/** How one entry of `credentials` logs in to Google's registries. Empty: by Application Default Credentials. */
export const googleSettings = z
  .strictObject({
    credentialsFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A file of Google credentials (service account, workload identity federation, user). Default: Application Default Credentials.",
      ),
    impersonate: z
      .string()
      .regex(/^[a-z0-9.-]+@[a-z0-9.-]+$/, {
        message: "must be the e-mail address of a service account",
      })
      .optional()
      .describe("A service account to impersonate, by its e-mail address."),
  })
  .meta({
    id: "GoogleLogin",
    description: "How to log in to Artifact Registry and gcr.io.",
  });

/** The entry as a user writes it. */
export type GoogleSettings = z.infer<typeof googleSettings>;

/** Who asks Google for a login. */
export interface GoogleRequest {
  readonly settings: GoogleSettings;
  /** in words, for messages */
  readonly source: string;
}

/** Anchored (N17): `gcr.io`, `us.gcr.io`, `europe-west1-docker.pkg.dev`. */
const hosts = /^(?:(?:[a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+\.pkg\.dev)$/;
const renewBeforeMs = 5 * 60_000;
const ambient = "the ambient Google credentials";

/** Whether Google gives logins for this host, which must be exactly one of its registries'. */
export function isGoogleHost(host: string): boolean {
  return hosts.test(host);
}

/** Google's registries by Application Default Credentials; nothing where the machine has none. */
export function googleFinder(logins: GoogleLogins): Finder {
  return {
    name: ambient,
    concerns: isGoogleHost,
    find: (wanted, reach) =>
      logins.find({ settings: {}, source: ambient }, wanted, reach),
  };
}

/** Access tokens of Google, each kept until shortly before its end. */
export class GoogleLogins {
  readonly #logins = new TimedLogins();

  constructor(private readonly environment: Environment) {}

  /** `undefined` where no Google identity is at hand. */
  async find(
    request: GoogleRequest,
    { isFresh }: Pick<Wanted, "isFresh">,
    reach: Reach,
  ): Promise<FoundLogin | undefined> {
    const { settings, source } = request;
    const identity = await findGoogleIdentity(
      this.environment,
      settings.credentialsFile,
    );
    if (identity === undefined) return undefined;
    const key = JSON.stringify([source, settings, identity]);
    const login = this.#logins.login({ key, source }, { isFresh, reach }, () =>
      ask(identity, request, reach),
    );
    return login.catch(unlessNobody);
  }

  /** As an entry of `credentials` says: nobody at hand is an error. */
  async login(
    request: GoogleRequest,
    wanted: Pick<Wanted, "isFresh">,
    reach: Reach,
  ): Promise<FoundLogin> {
    const found = await this.find(request, wanted, reach);
    if (found !== undefined) return found;
    throw brokenSource(
      request.source,
      "no Google identity is at hand here",
      "set GOOGLE_APPLICATION_CREDENTIALS or `credentialsFile`, run `gcloud auth application-default login`, or run on a machine with a service account",
    );
  }
}

async function ask(
  identity: GoogleIdentity,
  { settings, source }: GoogleRequest,
  reach: Reach,
): Promise<TimedLogin> {
  const { impersonate: account } = settings;
  const requests = new CloudRequests(reach);
  const where = identity.kind === "file" ? identity.path : "metadata server";
  try {
    const { tokenOf, impersonate, impersonationUrl } =
      await import("./token.ts");
    const own = await tokenOf(identity, requests, reach.now());
    const token =
      account === undefined
        ? own
        : await impersonate(own, { url: impersonationUrl(account) }, requests);
    return {
      found: {
        kind: "basic",
        source: `${source} (${where})`,
        username: "oauth2accesstoken",
        secret: token.token,
      },
      until: token.expires - renewBeforeMs,
    };
  } catch (error) {
    const remedy =
      "mend that identity, or say `anonymous: true` for this registry in the provider's `credentials` if its content is public";
    throw cloudFailure(
      error,
      { source: `${source} (${where})`, remedy },
      requests,
    );
  }
}
