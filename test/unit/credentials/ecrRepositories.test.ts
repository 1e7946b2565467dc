import { cloudRepositories } from "../../../provider/credentials/repositories";
import type { CredentialSettings } from "../../../provider/credentials/settings";
import { openStores } from "../../../provider/stores/catalog";
import { keyOfRole } from "./awsStandIn";
import { identity, useAws } from "./awsWorld";

const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const world = useAws();

const list = (
  given: readonly CredentialSettings[] = [],
  wish: {
    readonly registry?: string;
    readonly namespace?: string;
    readonly way?: "ecr" | undefined;
  } = {},
) =>
  openStores({
    registries: [],
    credentials: async () => undefined,
    cloudRepositories: cloudRepositories(given),
  }).repositories({ registry, way: "ecr", max: 100, ...wish }, world().reach);

test("a private registry is listed by AWS's API, every page, in the registry's region and account", async () => {
  const { aws, process, requests } = world();
  process({ environment: identity });
  aws.repositories.push("team/c", "team/a", "b");
  expect(await list()).toEqual({
    way: "ecr",
    isComplete: true,
    notes: [],
    repositories: ["b", "team/a", "team/c"].map((name) => ({
      name,
      updated: "2026-01-02T03:00:00.000Z",
    })),
  });
  const asked = { service: "ecr", region: "eu-central-1" };
  expect(aws.asked).toMatchObject([asked, asked]);
  expect(String(requests[0]?.body)).toContain('"registryId":"123456789012"');
});

test("the host is known for it: no way has to be named", async () => {
  const { aws, process } = world();
  process({ environment: identity });
  aws.repositories.push("team/a", "other/b");
  const listed = await list([], { namespace: "team", way: undefined });
  expect(listed.repositories.map(({ name }) => name)).toEqual(["team/a"]);
});

test("the role that logs in there lists there, too", async () => {
  const { aws, process } = world();
  process({ environment: identity });
  const roleArn = "arn:aws:iam::123456789012:role/mirror";
  await list([{ registry, aws: { roleArn } }]);
  expect(aws.asked.at(-1)).toMatchObject({
    action: "DescribeRepositories",
    keyId: keyOfRole("mirror"),
  });
});

test("AWS's no says which permission is missing, and is no empty list", async () => {
  const { aws, process } = world();
  process({ environment: identity });
  aws.denial = { code: "AccessDeniedException", message: "no such luck" };
  await expect(list()).rejects.toMatchObject({
    message: expect.stringMatching(
      /AccessDeniedException.*ecr:DescribeRepositories/,
    ),
    where: { reference: registry },
  });
});

test.each(["public.ecr.aws", "reg.example"])(
  "%s is no private registry of AWS, and nobody is asked",
  async (host) => {
    const { aws, process } = world();
    process({ environment: identity });
    await expect(list([], { registry: host })).rejects.toMatchObject({
      fault: "unsupported",
    });
    expect(aws.asked).toEqual([]);
  },
);
