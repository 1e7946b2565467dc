import { access, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../environment";

/** A Microsoft Entra identity that is at hand. */
export type AzureIdentity =
  | (Application & { readonly kind: "secret"; readonly secret: string })
  | (Application & {
      readonly kind: "certificate";
      readonly path: string;
      readonly password?: string;
    })
  | (Application & { readonly kind: "workload"; readonly tokenFile: string })
  /** `isGuess`: the machine is Azure's, and may still have none */
  | {
      readonly kind: "managed";
      readonly clientId?: string;
      readonly isGuess: boolean;
    }
  | { readonly kind: "cli"; readonly tenantId?: string };

interface Application {
  readonly tenantId: string;
  readonly clientId: string;
}

/** Which identity is meant, where several are at hand. */
export interface AzureChoice {
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
}

const assetTag = "7783-7084-3265-9085-8269-3286-77"; // the chassis of every Azure machine

/** The identities at hand in the order of Azure's own chain, without what asks a person. Nothing is probed. */
export async function findAzureIdentities(
  environment: Environment,
  choice: AzureChoice,
  isOnAzure: () => Promise<boolean> = isAzureMachine,
): Promise<readonly AzureIdentity[]> {
  const tenantId = choice.tenantId ?? environment["AZURE_TENANT_ID"];
  const clientId = choice.clientId ?? environment["AZURE_CLIENT_ID"];
  const own =
    tenantId && clientId
      ? applications({ tenantId, clientId }, environment)
      : [];
  const machine = await managed(environment, clientId, isOnAzure);
  const isLoggedIn = await hasCliLogin(environment);
  const cli = { kind: "cli", ...(tenantId ? { tenantId } : {}) } as const;
  return [...own, ...machine, ...(isLoggedIn ? [cli] : [])];
}

async function managed(
  environment: Environment,
  clientId: string | undefined,
  isOnAzure: () => Promise<boolean>,
): Promise<AzureIdentity[]> {
  const isSure = endpoints.some((name) => environment[name]);
  if (!isSure && !(await isOnAzure())) return [];
  const own = clientId ? { clientId } : {};
  return [{ kind: "managed", isGuess: !isSure, ...own }];
}

const endpoints = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT"];

function applications(
  application: Application,
  environment: Environment,
): AzureIdentity[] {
  const secret = environment["AZURE_CLIENT_SECRET"];
  const path = environment["AZURE_CLIENT_CERTIFICATE_PATH"];
  const password = environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
  const tokenFile = environment["AZURE_FEDERATED_TOKEN_FILE"];
  if (secret) return [{ kind: "secret", ...application, secret }];
  if (path) {
    const more = password ? { password } : {};
    return [{ kind: "certificate", ...application, path, ...more }];
  }
  return tokenFile ? [{ kind: "workload", ...application, tokenFile }] : [];
}

/** Whether this machine says by its hardware that it is Azure's. */
export async function isAzureMachine(): Promise<boolean> {
  const tag = await readFile(
    "/sys/class/dmi/id/chassis_asset_tag",
    "utf8",
  ).catch(() => ""); // no such thing outside Linux, and in some sandboxes
  return tag.trim() === assetTag;
}

/** Whether somebody has logged in by `az` here, as the jobs of GitHub and Azure do. */
async function hasCliLogin(environment: Environment): Promise<boolean> {
  const folder =
    environment["AZURE_CONFIG_DIR"] ||
    join(environment["HOME"] || homedir(), ".azure");
  return access(join(folder, "azureProfile.json")).then(
    () => true,
    () => false,
  );
}
