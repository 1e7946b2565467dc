import { z } from "zod";
import type { Reach } from "../../mirror/ports";
import { awsHandler } from "./handler";
import { cloudFailure } from "../cloud/failure";
import { CloudRequests } from "../cloud/requests";
import { parseEcrHost, type EcrHost } from "./ecrHost";
import type { FoundLogin, Wanted } from "../finder";
import { decodeLogin } from "../login";
import { TimedLogins, type TimedLogin } from "../cloud/timedLogins";

/** How one entry of `credentials` logs in to ECR. Empty: by AWS's own chain. */
export const awsSettings = z
  .strictObject({
    profile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A profile of AWS's shared configuration. Default: AWS's own chain (environment, profile, SSO, web identity, container, instance).",
      ),
    roleArn: z
      .string()
      .regex(/^arn:[a-z0-9-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, {
        message:
          "must be the ARN of a role: `arn:aws:iam::123456789012:role/…`",
      })
      .optional()
      .describe("A role to assume, in this account or another one."),
    externalId: z
      .string()
      .min(2)
      .optional()
      .describe("The external id that the role asks for."),
    sessionName: z
      .string()
      .regex(/^[\w+=,.@-]{2,64}$/)
      .optional()
      .describe(
        "The session's name in CloudTrail. Default `pulumi-artifact-mirror`.",
      ),
  })
  .refine(
    ({ roleArn, externalId, sessionName }) =>
      roleArn !== undefined ||
      (externalId === undefined && sessionName === undefined),
    { message: "names a session, and no role: give a roleArn" },
  )
  .meta({
    id: "AwsLogin",
    description:
      "How to log in to ECR, private (in the region of its host) or public.",
  });

/** The entry as a user writes it. */
export type AwsSettings = z.infer<typeof awsSettings>;

/** Who asks AWS for what. */
export interface AwsRequest {
  readonly host: string;
  readonly settings: AwsSettings;
  /** in words, for messages */
  readonly source: string;
}

const renewBeforeMs = 30 * 60_000;
const publicHost = "public.ecr.aws";
const publicRegion = "us-east-1"; // the only one that gives logins for the public registry

/** Whether AWS gives logins for this host, which must be exactly one of ECR's (N17). */
export function isAwsHost(host: string): boolean {
  return isPublicEcr(host) || parseEcrHost(host) !== undefined;
}

/** Whether this is the public registry, which may also be read without a login. */
export function isPublicEcr(host: string): boolean {
  return host === publicHost;
}

/** Logins to ECR, each kept for most of its twelve hours. */
export class AwsLogins {
  readonly #logins = new TimedLogins();

  login(
    request: AwsRequest,
    { isFresh }: Pick<Wanted, "isFresh">,
    reach: Reach,
  ): Promise<FoundLogin> {
    const { host, settings, source } = request;
    const key = JSON.stringify([host, source, settings]);
    return this.#logins.login({ key, source }, { isFresh, reach }, async () => {
      const requests = new CloudRequests(reach);
      try {
        const answer = await answerFor(request, requests, reach.signal);
        return loginOf(answer, source, reach.now());
      } catch (error) {
        const remedy = remedyFor(host);
        const at = { source: `${source} for ${host}`, remedy };
        throw cloudFailure(withName(error), at, requests);
      }
    });
  }
}

function remedyFor(host: string): string {
  const check =
    "check that an AWS identity is at hand here, and that it may call";
  return isPublicEcr(host)
    ? `${check} ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken, or say \`anonymous: true\` for this registry in the provider's \`credentials\``
    : `${check} ecr:GetAuthorizationToken`;
}

/** What both registries answer, as far as it matters. */
interface Authorization {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

async function answerFor(
  { host, settings }: AwsRequest,
  requests: CloudRequests,
  abortSignal: AbortSignal,
): Promise<Authorization | undefined> {
  const place = parseEcrHost(host);
  if (place === undefined) {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand } =
      await import("@aws-sdk/client-ecr-public"); // heavy, and for this host only
    const options = await clientOptions(settings, undefined, requests);
    const client = new ECRPUBLICClient(options);
    const command = new GetAuthorizationTokenCommand({});
    return (await client.send(command, { abortSignal })).authorizationData;
  }
  const { ECRClient, GetAuthorizationTokenCommand } =
    await import("@aws-sdk/client-ecr"); // heavy, and for these hosts only
  const client = new ECRClient(await clientOptions(settings, place, requests));
  const command = new GetAuthorizationTokenCommand({});
  return (await client.send(command, { abortSignal })).authorizationData?.[0];
}

/** What a client of ECR is made with: our network, whose identity, and where; without a place, the public registry. */
export async function clientOptions(
  settings: AwsSettings,
  place: EcrHost | undefined,
  requests: CloudRequests,
) {
  const region = place?.region ?? publicRegion;
  const wire = { region, requestHandler: awsHandler(requests) };
  const credentials = await identityOf(settings, wire);
  return {
    ...wire,
    ...(credentials ? { credentials } : {}),
    ...(place?.isFips ? { useFipsEndpoint: true } : {}),
    ...(place?.isDualstack ? { useDualstackEndpoint: true } : {}),
  };
}

/** `undefined` is AWS's own chain. Roles are assumed in the registry's region: STS of another partition does not know them. */
async function identityOf(
  settings: AwsSettings,
  clientConfig: {
    readonly region: string;
    readonly requestHandler: ReturnType<typeof awsHandler>;
  },
) {
  const { profile, roleArn, externalId, sessionName } = settings;
  if (profile === undefined && roleArn === undefined) return undefined;
  const { fromIni, fromTemporaryCredentials } =
    await import("@aws-sdk/credential-providers"); // heavy, and for these entries only
  const own =
    profile === undefined ? undefined : fromIni({ profile, clientConfig });
  if (roleArn === undefined) return own;
  return fromTemporaryCredentials({
    params: {
      RoleArn: roleArn,
      RoleSessionName: sessionName ?? "pulumi-artifact-mirror",
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    },
    clientConfig,
    ...(own === undefined ? {} : { masterCredentials: own }),
  });
}

function loginOf(
  data: Authorization | undefined,
  source: string,
  now: Date,
): TimedLogin {
  const login = decodeLogin(data?.authorizationToken ?? "");
  if (login === undefined) throw new Error("ECR answered without a token");
  const expires = data?.expiresAt ?? now;
  return {
    found: { kind: "basic", source, ...login },
    until: expires.getTime() - renewBeforeMs,
  };
}

/** AWS's errors say by their name what a message leaves out. */
export function withName(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "Error") return error;
  return new Error(`${error.name}: ${error.message}`, { cause: error });
}
