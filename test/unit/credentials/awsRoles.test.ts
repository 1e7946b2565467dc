import { createHash } from "node:crypto";
import { credentialSettings } from "../../../provider/credentials/settings";
import { baseKey, baseSecret, keyOfRole } from "./awsStandIn";
import { identity, useAws } from "./awsWorld";

const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const otherHost = "210987654321.dkr.ecr.ap-south-1.amazonaws.com";
const roleArn = "arn:aws:iam::123456789012:role/mirror";
const world = useAws();

test("a role is assumed by the ambient identity, in the registry's region, and its temporary key asks for the login", async () => {
  const { aws, process } = world();
  const settings = { roleArn, externalId: "e-1", sessionName: "nightly" };
  const find = process({
    given: [{ registry: host, aws: settings }],
    environment: identity,
  });
  await expect(find(host)).resolves.toMatchObject({
    username: "AWS",
    secret: `ecr ${keyOfRole("mirror")} 1`,
    source: `the provider's \`credentials\`, entry ${host}`,
  });
  expect(aws.asked).toMatchObject([
    {
      service: "sts",
      region: "eu-central-1",
      keyId: baseKey,
      action: "AssumeRole",
      parameters: {
        RoleArn: roleArn,
        ExternalId: "e-1",
        RoleSessionName: "nightly",
      },
    },
    { service: "ecr", region: "eu-central-1", keyId: keyOfRole("mirror") },
  ]);
  expect(aws.refused).toEqual([]);
});

test("two accounts and regions, each by its own role", async () => {
  const { aws, process } = world();
  const theirs = "arn:aws:iam::210987654321:role/reader";
  const find = process({
    given: [
      { registry: host, aws: { roleArn } },
      { registry: otherHost, aws: { roleArn: theirs } },
    ],
    environment: identity,
  });
  await Promise.all([find(host), find(otherHost)]);
  const logins = aws.asked.filter(({ service }) => service === "ecr");
  expect(new Map(logins.map(({ region, keyId }) => [region, keyId]))).toEqual(
    new Map([
      ["eu-central-1", keyOfRole("mirror")],
      ["ap-south-1", keyOfRole("reader")],
    ]),
  );
});

test("two roles for two parts of one registry: the longer entry wins for its own", async () => {
  const { aws, process } = world();
  const writer = "arn:aws:iam::123456789012:role/writer";
  const find = process({
    given: [
      { registry: host, aws: { roleArn } },
      { registry: `${host}/team`, aws: { roleArn: writer } },
    ],
    environment: identity,
  });
  await find(host); // asks for team/app
  expect(aws.asked.at(-1)).toMatchObject({ keyId: keyOfRole("writer") });
});

test("a profile is that of AWS's shared configuration", async () => {
  const { aws, process, write } = world();
  aws.accounts.set("AKIAOTHER", { secret: "other-secret" });
  await write(
    "credentials",
    "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other-secret\n",
  );
  const entry = { registry: host, aws: { profile: "other" } };
  await process({ given: [entry], environment: identity })(host);
  expect(aws.asked).toMatchObject([{ service: "ecr", keyId: "AKIAOTHER" }]);
});

test("a role is assumed by the profile that stands beside it", async () => {
  const { aws, process, write } = world();
  aws.accounts.set("AKIAOTHER", { secret: "other-secret" });
  await write(
    "credentials",
    "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other-secret\n",
  );
  const entry = { registry: host, aws: { profile: "other", roleArn } };
  await process({ given: [entry], environment: identity })(host);
  expect(aws.asked).toMatchObject([
    { service: "sts", keyId: "AKIAOTHER" },
    { service: "ecr", keyId: keyOfRole("mirror") },
  ]);
});

test("a profile may name its own role", async () => {
  const { aws, process, write } = world();
  await write(
    "config",
    `[profile base]\naws_access_key_id = ${baseKey}\naws_secret_access_key = ${baseSecret}\n` +
      `[profile deputy]\nrole_arn = ${roleArn}\nsource_profile = base\n`,
  );
  const entry = { registry: host, aws: { profile: "deputy" } };
  await process({ given: [entry] })(host);
  expect(aws.asked).toMatchObject([
    { service: "sts", action: "AssumeRole", keyId: baseKey },
    { service: "ecr", keyId: keyOfRole("mirror") },
  ]);
});

test("a job's web identity (OIDC) is the ambient one", async () => {
  const { aws, process, write } = world();
  const environment = {
    AWS_WEB_IDENTITY_TOKEN_FILE: await write("token", "header.claims.signed"),
    AWS_ROLE_ARN: roleArn,
  };
  await process({ environment })(host);
  expect(aws.asked).toMatchObject([
    {
      action: "AssumeRoleWithWebIdentity",
      parameters: { WebIdentityToken: "header.claims.signed" },
    },
    { service: "ecr", keyId: keyOfRole("mirror") },
  ]);
});

test("a profile may log in by IAM Identity Center (SSO), with the token of `aws sso login`", async () => {
  const { aws, process, write } = world();
  await write(
    "config",
    "[profile person]\nsso_session = us\nsso_account_id = 123456789012\nsso_role_name = Mirror\n" +
      "[sso-session us]\nsso_region = eu-west-1\nsso_start_url = https://us.awsapps.com/start\n",
  );
  const cache = createHash("sha1").update("us").digest("hex");
  await write(
    `.aws/sso/cache/${cache}.json`,
    JSON.stringify({
      accessToken: "person's token",
      expiresAt: "2099-01-01T00:00:00Z",
    }),
  );
  const entry = { registry: host, aws: { profile: "person" } };
  await process({ given: [entry] })(host);
  expect(aws.asked).toMatchObject([
    {
      service: "sso",
      parameters: {
        role_name: "Mirror",
        account_id: "123456789012",
        bearer: "person's token",
      },
    },
    { service: "ecr", region: "eu-central-1", keyId: keyOfRole("Mirror") },
  ]);
});

test("N16: a role that may not be assumed is an error that names the entry", async () => {
  const { aws, process } = world();
  aws.denial = { code: "AccessDenied", message: "may not assume" };
  const find = process({
    given: [{ registry: host, aws: { roleArn } }],
    environment: identity,
  });
  await expect(find(host)).rejects.toThrow(
    /credentials`, entry 123456789012\.dkr.* for 123456789012.*: AccessDenied: may not assume; /,
  );
  expect(aws.asked.map(({ service }) => service)).toEqual(["sts"]);
});

test.each([
  ["another host", { registry: "ghcr.io", aws: {} }],
  ["a host that only ends like ECR's", { registry: `x${host}`, aws: {} }],
  ["a session without a role", { registry: host, aws: { sessionName: "x1" } }],
  ["a role that is none", { registry: host, aws: { roleArn: "mirror" } }],
  ["two forms", { registry: host, aws: {}, anonymous: true }],
  ["anonymous: false", { registry: host, anonymous: false }],
])("the schema refuses %s", (_, entry) => {
  expect(credentialSettings.safeParse(entry).success).toBe(false);
});

test.each([host, `https://${host}`, `${host}/team`, "public.ecr.aws"])(
  "the schema takes %s",
  (registry) => {
    const entry = { registry, aws: { profile: "p" } };
    expect(credentialSettings.safeParse(entry).success).toBe(true);
  },
);
