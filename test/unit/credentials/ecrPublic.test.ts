import { baseKey } from "./awsStandIn";
import { identity, useAws } from "./awsWorld";

const host = "public.ecr.aws";
const world = useAws();

test("public.ecr.aws is logged in to in us-east-1, by the service of public registries", async () => {
  const { aws, process } = world();
  const found = await process({ environment: identity })(host);
  expect(found).toMatchObject({
    username: "AWS",
    secret: `ecr-public ${baseKey} 1`,
  });
  expect(aws.asked).toMatchObject([
    { service: "ecr-public", region: "us-east-1" },
  ]);
});

test.each([
  ["no AWS at all", undefined],
  ["a configuration of regions only", "[default]\nregion = eu-west-1\n"],
  [
    "identities of other profiles only",
    "[profile other]\naws_access_key_id = x\n[default]\nregion = x\n",
  ],
])("with %s it is read anonymously", async (_, config) => {
  const { aws, process, write } = world();
  if (config !== undefined) await write("config", config);
  await expect(process()(host)).resolves.toMatchObject({ kind: "anonymous" });
  expect([...aws.asked, ...aws.refused]).toEqual([]);
});

test.each(["credentials", "config"])(
  "an identity in the default profile of AWS's file %s is used",
  async (file) => {
    const { process, write } = world();
    await write(
      file,
      `[default]\naws_access_key_id = ${identity.AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${identity.AWS_SECRET_ACCESS_KEY}\n`,
    );
    await expect(process()(host)).resolves.toMatchObject({ username: "AWS" });
  },
);

test("N16: an identity that is refused is an error, not nobody", async () => {
  const { aws, process } = world();
  aws.denial = { code: "AccessDeniedException", message: "not authorized" };
  await expect(process({ environment: identity })(host)).rejects.toThrow(
    /could not read credentials from the ambient AWS credentials for public\.ecr\.aws: AccessDeniedException: not authorized; .*ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken/,
  );
});

test("N16: a profile that is named and not there is an error, not nobody", async () => {
  const { process } = world();
  await expect(
    process({ environment: { AWS_PROFILE: "gone" } })(host),
  ).rejects.toMatchObject({ code: "CREDENTIALS" });
});

test.each([
  "public.ecr.aws.fake.test",
  "xpublic.ecr.aws",
  "public-ecr.aws",
  "public.ecr.aws:443",
])("N17: %s gets no token", async (other) => {
  const { aws, process } = world();
  const found = await process({ environment: identity })(other);
  expect(found).toMatchObject({ kind: "anonymous" });
  expect([...aws.asked, ...aws.refused]).toEqual([]);
});

test("an entry may say that the public registry is read anonymously, or by the machine's own role", async () => {
  const { aws, process } = world();
  const anonymous = process({
    given: [{ registry: host, anonymous: true }],
    environment: identity,
  });
  await expect(anonymous(host)).resolves.toMatchObject({
    kind: "anonymous",
    source: `the provider's \`credentials\`, entry ${host}`,
  });
  expect(aws.asked).toEqual([]);
  const own = process({ given: [{ registry: host, aws: {} }] });
  await expect(own(host)).rejects.toMatchObject({ code: "CREDENTIALS" });
});
