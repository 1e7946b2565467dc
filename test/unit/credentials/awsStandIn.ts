import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { signatureOf, type Received, type Signature } from "./sigV4";

/** One access key that the stand-in knows. */
export interface Account {
  readonly secret: string;
  /** temporary keys go with one */
  readonly sessionToken?: string;
}

interface Wish {
  readonly service: string;
  readonly action: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What was asked, and by whom, once its signature was found good. */
export interface Asked extends Wish {
  readonly region: string;
  readonly keyId: string;
}

/** ECR, ECR Public and STS behind one address. It checks each request's signature itself, and refuses as AWS does. */
export interface AwsStandIn {
  readonly url: string;
  readonly asked: Asked[];
  /** what was refused: AWS's own codes */
  readonly refused: string[];
  readonly accounts: Map<string, Account>;
  /** what it lists, two in a page */
  readonly repositories: string[];
  /** regions in which it answers; all while empty */
  readonly regions: Set<string>;
  /** logins are good for that long */
  lifeMs: number;
  now: () => Date;
  /** so many requests find the connection closed */
  hangUps: number;
  /** answers this instead, with HTTP 400 */
  denial: { readonly code: string; readonly message: string } | undefined;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const baseKey = "AKIAIOSFODNN7EXAMPLE";
export const baseSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/** The key that AssumeRole gives, by the role's name. */
export const keyOfRole = (role: string): string =>
  `ASIA${role.toUpperCase().replace(/[^A-Z]/g, "")}`;

const services = new Map([
  ["AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "ecr"],
  ["AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "ecr"],
  ["SpencerFrontendService.GetAuthorizationToken", "ecr-public"],
]);

export async function startAws(): Promise<AwsStandIn> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      aws.hangUps -= 1;
      if (aws.hangUps >= 0) return request.socket.destroy();
      const { method = "", url: path = "", headers } = request;
      const body = Buffer.concat(chunks);
      const answerer = path.startsWith("/federation/") ? ssoAnswer : answerTo;
      const answer = answerer({ method, path, headers, body }, aws);
      response
        .writeHead(answer.status, { "content-type": answer.type })
        .end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const aws: AwsStandIn = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    refused: [],
    accounts: new Map([[baseKey, { secret: baseSecret }]]),
    repositories: [],
    regions: new Set(),
    lifeMs: 12 * 3_600_000,
    now: () => new Date(),
    hangUps: 0,
    denial: undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return aws;
}

function wishOf({ headers, body }: Received): Wish {
  const target = String(headers["x-amz-target"] ?? "");
  if (target)
    return {
      action: target.split(".").at(-1) ?? "",
      service: services.get(target) ?? "",
    };
  const form = Object.fromEntries(new URLSearchParams(String(body)));
  return { action: String(form["Action"]), service: "sts", parameters: form };
}

function answerTo(request: Received, aws: AwsStandIn): Answer {
  const wish = wishOf(request);
  if (wish.action === "AssumeRoleWithWebIdentity") {
    aws.asked.push({ ...wish, region: "", keyId: "" });
    return roleAnswer(wish, aws); // signed by nobody: the token is the proof
  }
  const signature = signatureOf(request);
  const wrong = whatIsWrong({ request, signature, wish }, aws);
  if (signature === undefined || wrong) return refuse(String(wrong), aws);
  const { region, keyId } = signature;
  aws.asked.push({ ...wish, region, keyId });
  const { code, message } = aws.denial ?? {};
  if (code)
    return refuse(code, aws, { message, isXml: wish.service === "sts" });
  return wish.service === "sts"
    ? roleAnswer(wish, aws)
    : registryAnswer(request, { ...wish, keyId }, aws);
}

function registryAnswer(
  request: Received,
  { action, service, keyId }: Wish & { readonly keyId: string },
  aws: AwsStandIn,
): Answer {
  return action === "DescribeRepositories"
    ? repositoriesAnswer(request, aws)
    : loginAnswer(service, keyId, aws);
}

function whatIsWrong(
  {
    request,
    signature,
    wish,
  }: { request: Received; signature: Signature | undefined; wish: Wish },
  { accounts, regions }: AwsStandIn,
): string | undefined {
  if (signature === undefined) return "MissingAuthenticationTokenException";
  const account = accounts.get(signature.keyId);
  if (account === undefined) return "UnrecognizedClientException";
  const { headers } = request;
  const isRight =
    signature.isBy(account.secret) &&
    signature.service === wish.service &&
    String(headers["x-amz-date"]).startsWith(signature.day) &&
    headers["x-amz-security-token"] === account.sessionToken &&
    (regions.size === 0 || regions.has(signature.region));
  return isRight ? undefined : "InvalidSignatureException";
}

function refuse(
  code: string,
  aws: AwsStandIn,
  { message = "The stand-in says no.", isXml = false } = {},
): Answer {
  aws.refused.push(code);
  if (isXml) {
    const body = `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    return { status: 403, type: "text/xml", body };
  }
  return {
    status: 400,
    type: "application/x-amz-json-1.1",
    body: JSON.stringify({ __type: code, message }),
  };
}

/** The password says whose it is, and how many were given before. */
function loginAnswer(service: string, keyId: string, aws: AwsStandIn): Answer {
  const nth = aws.asked.filter(({ service: of }) => of === service).length;
  const data = {
    authorizationToken: btoa(`AWS:${service} ${keyId} ${nth}`),
    expiresAt: (aws.now().getTime() + aws.lifeMs) / 1000,
  };
  return {
    status: 200,
    type: "application/x-amz-json-1.1",
    body: JSON.stringify({
      authorizationData: service === "ecr" ? [data] : data,
    }),
  };
}

function repositoriesAnswer(
  { body }: Received,
  { repositories }: AwsStandIn,
): Answer {
  const { nextToken = "0", registryId } = JSON.parse(String(body));
  const at = Number(nextToken);
  const page = repositories.slice(at, at + 2).map((repositoryName) => ({
    registryId,
    repositoryName,
    repositoryArn: `arn:aws:ecr:eu-central-1:${registryId}:repository/${repositoryName}`,
    createdAt: 1767322800,
    imageTagMutability: "IMMUTABLE",
  }));
  const rest = at + 2 < repositories.length;
  return {
    status: 200,
    type: "application/x-amz-json-1.1",
    body: JSON.stringify({
      repositories: page,
      ...(rest && { nextToken: `${at + 2}` }),
    }),
  };
}

function roleAnswer({ action, parameters }: Wish, aws: AwsStandIn): Answer {
  const role = String(parameters?.["RoleArn"]).split("/").at(-1) ?? "";
  const keyId = keyOfRole(role);
  const account = {
    secret: `secret of ${role}`,
    sessionToken: `session of ${role}`,
  };
  aws.accounts.set(keyId, account);
  return {
    status: 200,
    type: "text/xml",
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>
<AccessKeyId>${keyId}</AccessKeyId><SecretAccessKey>${account.secret}</SecretAccessKey>
<SessionToken>${account.sessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></${action}Result></${action}Response>`,
  };
}

/** IAM Identity Center: a person's own token stands for a role. */
function ssoAnswer({ path, headers }: Received, aws: AwsStandIn): Answer {
  const { searchParams } = new URL(path, aws.url);
  const parameters = {
    ...Object.fromEntries(searchParams),
    bearer: String(headers["x-amz-sso_bearer_token"]),
  };
  const action = "GetRoleCredentials";
  aws.asked.push({ service: "sso", action, parameters, region: "", keyId: "" });
  const keyId = keyOfRole(String(searchParams.get("role_name")));
  aws.accounts.set(keyId, { secret: "by sso", sessionToken: "by sso" });
  const roleCredentials = {
    accessKeyId: keyId,
    secretAccessKey: "by sso",
    sessionToken: "by sso",
    expiration: 4_070_908_800_000,
  };
  const body = JSON.stringify({ roleCredentials });
  return { status: 200, type: "application/json", body };
}
