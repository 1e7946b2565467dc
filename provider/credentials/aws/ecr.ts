import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isAwsHost, isPublicEcr, type AwsLogins } from "./aws";
import type { Environment } from "../environment";
import type { Finder } from "../finder";

const source = "the ambient AWS credentials";

/** ECR by AWS's own chain: environment, profile, SSO, web identity, container, instance. */
export function ecrFinder(logins: AwsLogins, environment: Environment): Finder {
  return {
    name: source,
    concerns: isAwsHost,
    find: async (wanted, reach) => {
      const { host } = wanted;
      if (isPublicEcr(host) && !(await isConfigured(environment)))
        return undefined;
      return logins.login({ host, settings: {}, source }, wanted, reach);
    },
  };
}

const variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** Whether somebody gave this process an AWS identity. The machine's own role does not count: public images are read without any, and it may not be allowed to log in there. */
async function isConfigured(environment: Environment): Promise<boolean> {
  if (variables.some((name) => environment[name])) return true;
  const folder = join(environment["HOME"] || homedir(), ".aws");
  const files = [
    environment["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"),
    environment["AWS_CONFIG_FILE"] || join(folder, "config"),
  ];
  const texts = await Promise.all(
    files.map((path) => readFile(path, "utf8").catch(() => "")), // AWS's own chain passes over it, too
  );
  return texts.some(hasDefaultIdentity);
}

const identityKey =
  /^[ \t]*(?:aws_access_key_id|role_arn|sso_session|sso_start_url|credential_process|credential_source|web_identity_token_file|login_session)[ \t]*=/m;

function hasDefaultIdentity(text: string): boolean {
  return text
    .split(/^[ \t]*\[/m)
    .some(
      (section) =>
        /^(?:profile[ \t]+)?default[ \t]*\]/.test(section) &&
        identityKey.test(section),
    );
}
