import { z } from "zod";
import type { Reach } from "../../mirror/ports";
import { within } from "../../mirror/reach";
import {
  findAzureIdentities,
  isAzureMachine,
  type AzureIdentity,
} from "./identity";
import { cloudFailure, NobodyHere, unlessNobody } from "../cloud/failure";
import { CloudRequests } from "../cloud/requests";
import type { Environment } from "../environment";
import {
  brokenSource,
  type Finder,
  type FoundLogin,
  type Wanted,
} from "../finder";
import { TimedLogins, type TimedLogin } from "../cloud/timedLogins";

/** How one entry of `credentials` logs in to Azure's registries. Empty: by whatever identity is at hand. */
export const azureSettings = z
  .strictObject({
    clientId: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The client id of a user-assigned managed identity, or of the application. Default: AZURE_CLIENT_ID, else the machine's own identity.",
      ),
    tenantId: z
      .string()
      .regex(/^[A-Za-z0-9.-]+$/)
      .optional()
      .describe("The tenant to log in to. Default: AZURE_TENANT_ID."),
  })
  .meta({
    id: "AzureLogin",
    description: "How to log in to Azure Container Registry.",
  });

/** The entry as a user writes it. */
export type AzureSettings = z.infer<typeof azureSettings>;

/** Who asks Azure for a login to which registry. */
export interface AzureRequest {
  readonly host: string;
  readonly settings: AzureSettings;
  /** in words, for messages */
  readonly source: string;
}

/** Anchored (N17), one label before the domain. */
const hosts = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.azurecr\.(io|cn|us|de)$/;
const authorities: Readonly<Record<string, string>> = {
  cn: "https://login.chinacloudapi.cn",
  us: "https://login.microsoftonline.us",
};
const guessMs = 5000; // a machine of Azure's without an identity may have its metadata service walled off
const remedy =
  "check that this identity may pull from (AcrPull) or push to (AcrPush) the registry, or say `anonymous: true` for it in the provider's `credentials` if its content is public";
const lifeMs = 60 * 60_000; // the registry's refresh tokens last three hours
const ambient = "the ambient Azure credentials";

/** Whether Azure gives logins for this host, which must be exactly one of its registries'. */
export function isAzureHost(host: string): boolean {
  return hosts.test(host);
}

/** Azure's registries by the identity at hand: service principal, workload identity, managed identity, `az`; nothing where there is none. */
export function azureFinder(logins: AzureLogins): Finder {
  return {
    name: ambient,
    concerns: isAzureHost,
    find: (wanted, reach) => {
      const { host } = wanted;
      return logins.find(
        { host, settings: {}, source: ambient },
        wanted,
        reach,
      );
    },
  };
}

/** Refresh tokens of Azure's registries, each kept for a part of its three hours. */
export class AzureLogins {
  readonly #logins = new TimedLogins();

  constructor(
    private readonly environment: Environment,
    private readonly isOnAzure = isAzureMachine,
  ) {}

  /** `undefined` where no identity is at hand. */
  async find(
    request: AzureRequest,
    { isFresh }: Pick<Wanted, "isFresh">,
    reach: Reach,
  ): Promise<FoundLogin | undefined> {
    const { host, settings, source } = request;
    const { environment } = this;
    const identities = await findAzureIdentities(
      environment,
      settings,
      this.isOnAzure,
    );
    if (identities.length === 0) return undefined;
    const key = JSON.stringify([host, source, identities]);
    const authority =
      environment["AZURE_AUTHORITY_HOST"] ||
      (authorities[hosts.exec(host)?.[1] ?? ""] ??
        "https://login.microsoftonline.com");
    const asking = { ...request, identities, authority };
    const login = this.#logins.login({ key, source }, { isFresh, reach }, () =>
      ask(asking, reach),
    );
    return login.catch(unlessNobody);
  }

  /** As an entry of `credentials` says: nobody at hand is an error. */
  async login(
    request: AzureRequest,
    wanted: Pick<Wanted, "isFresh">,
    reach: Reach,
  ): Promise<FoundLogin> {
    const found = await this.find(request, wanted, reach);
    if (found !== undefined) return found;
    throw brokenSource(
      request.source,
      "no Azure identity is at hand here",
      "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, log in by `az login`, or run on a machine with a managed or workload identity",
    );
  }
}

const words: Readonly<Record<AzureIdentity["kind"], string>> = {
  secret: "service principal",
  certificate: "service principal by certificate",
  workload: "workload identity",
  managed: "managed identity",
  cli: "the login of `az`",
};

async function ask(
  asking: AzureRequest & {
    readonly identities: readonly AzureIdentity[];
    readonly authority: string;
  },
  reach: Reach,
): Promise<TimedLogin> {
  for (const identity of asking.identities) {
    const secret = await loginBy(identity, asking, reach);
    if (secret === undefined) continue;
    const source = `${asking.source} (${words[identity.kind]})`;
    return {
      found: { kind: "identityToken", source, secret },
      until: reach.now().getTime() + lifeMs,
    };
  }
  throw new NobodyHere();
}

/** The registry's refresh token; `undefined` where the identity was only a guess. */
async function loginBy(
  identity: AzureIdentity,
  asking: Parameters<typeof ask>[0],
  reach: Reach,
): Promise<string | undefined> {
  const { host, source, authority } = asking;
  const isGuess = identity.kind === "managed" && identity.isGuess;
  const patience = isGuess ? within(reach, guessMs) : reach;
  const requests = new CloudRequests(patience);
  const atRegistry = new CloudRequests(reach);
  let current = requests;
  const { askEntra, exchangeAtRegistry } = await import("./token.ts");
  try {
    const { signal } = patience;
    const secret = await askEntra({ identity, authority, requests, signal });
    if (secret === undefined) return undefined;
    const tenantId = "tenantId" in identity ? identity.tenantId : undefined;
    current = atRegistry;
    return await exchangeAtRegistry(host, { secret, tenantId }, atRegistry);
  } catch (error) {
    const what = {
      source: `${source} (${words[identity.kind]}) for ${host}`,
      remedy,
      secrets: secretsOf(identity),
    };
    throw cloudFailure(error, what, current);
  }
}

function secretsOf(identity: AzureIdentity): readonly (string | undefined)[] {
  if (identity.kind === "secret") return [identity.secret];
  return identity.kind === "certificate" ? [identity.password] : [];
}
