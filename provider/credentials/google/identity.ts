import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../environment";
import { brokenSource } from "../finder";

/** Where a Google identity is at hand: a file of credentials, or the machine's metadata server. */
export type GoogleIdentity =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "metadata"; readonly host: string };

const metadataHost = "169.254.169.254";
const wellKnown = "application_default_credentials.json";

/** Application Default Credentials in Google's order: the variable, the well-known file, the machine. A machine is recognised and never probed: elsewhere that takes seconds. */
export async function findGoogleIdentity(
  environment: Environment,
  credentialsFile?: string,
): Promise<GoogleIdentity | undefined> {
  const named =
    credentialsFile ?? environment["GOOGLE_APPLICATION_CREDENTIALS"];
  if (named) return { kind: "file", path: named, text: await readNamed(named) };
  const path = join(configFolder(environment), wellKnown);
  const text = await readFile(path, "utf8").catch(absent);
  if (text !== undefined) return { kind: "file", path, text };
  const isHere = await isGoogleMachine(environment);
  return isHere
    ? { kind: "metadata", host: hostOf(environment) ?? metadataHost }
    : undefined;
}

function configFolder(environment: Environment): string {
  return (
    environment["CLOUDSDK_CONFIG"] ||
    (process.platform === "win32" && environment["APPDATA"]
      ? join(environment["APPDATA"], "gcloud")
      : join(environment["HOME"] || homedir(), ".config", "gcloud"))
  );
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw brokenSource(
    error.path ?? "Google's application default credentials",
    `it cannot be read (${error.code})`,
    "check who may read it",
  );
}

async function readNamed(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(absent);
  if (text !== undefined) return text;
  throw brokenSource(
    path,
    "the file is not there",
    "mend GOOGLE_APPLICATION_CREDENTIALS or `credentialsFile`",
  );
}

const hostOf = (environment: Environment): string | undefined =>
  environment["GCE_METADATA_HOST"] ||
  environment["GCE_METADATA_IP"] ||
  undefined;

async function isGoogleMachine(environment: Environment): Promise<boolean> {
  const detection = environment["METADATA_SERVER_DETECTION"];
  if (detection === "none") return false;
  const isSaid =
    detection === "assume-present" ||
    hostOf(environment) !== undefined ||
    ["K_SERVICE", "CLOUD_RUN_JOB", "FUNCTION_NAME"].some(
      (name) => environment[name],
    );
  if (isSaid) return true;
  const vendor = await readFile("/sys/class/dmi/id/bios_vendor", "utf8").catch(
    () => "", // no such thing outside Linux, and in some sandboxes
  );
  return vendor.startsWith("Google");
}
