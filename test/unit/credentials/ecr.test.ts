import { baseKey } from "./awsStandIn";
import { identity, useAws } from "./awsWorld";

const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const world = useAws();

test("the ambient identity signs GetAuthorizationToken in the host's region, once however many ask", async () => {
  const { aws, process } = world();
  const find = process({ environment: identity });
  const found = await Promise.all([find(host), find(host), find(host)]);
  for (const one of found)
    expect(one).toMatchObject({
      kind: "basic",
      source: "the ambient AWS credentials",
      username: "AWS",
      secret: `ecr ${baseKey} 1`,
    });
  expect(aws.asked).toEqual([
    {
      service: "ecr",
      region: "eu-central-1",
      keyId: baseKey,
      action: "GetAuthorizationToken",
    },
  ]);
});

test.each([
  ["after eleven and a half hours", false, 11.6 * 3_600_000, 2],
  ["not before", false, 11.4 * 3_600_000, 1],
  ["when the registry refused it", true, 0, 2],
])("a login is asked for again %s", async (_, isRefused, ms, times) => {
  const { aws, process, advance } = world();
  const find = process({ environment: identity });
  const refused = await find(host);
  advance(ms);
  await find(host, isRefused && refused ? { refused } : {});
  expect(aws.asked).toHaveLength(times);
});

test.each([
  ["123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1"],
  ["123456789012.dkr.ecr.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
])("%s is signed for %s, whatever AWS_REGION says", async (other, region) => {
  const { aws, process } = world();
  await process({ environment: { ...identity, AWS_REGION: "sa-east-1" } })(
    other,
  );
  expect(aws.asked.map((asked) => asked.region)).toEqual([region]);
});

test.each([
  ["a wrong secret", "InvalidSignature", { AWS_SECRET_ACCESS_KEY: "wrong" }],
  ["an unknown key", "UnrecognizedClient", { AWS_ACCESS_KEY_ID: "AKIANOBODY" }],
  ["a session of nobody", "InvalidSignature", { AWS_SESSION_TOKEN: "old" }],
])("N16: %s is an error that says so", async (_, code, wrong) => {
  const { aws, process } = world();
  const find = process({ environment: { ...identity, ...wrong } });
  await expect(find(host)).rejects.toMatchObject({
    code: "CREDENTIALS",
    message: expect.stringMatching(
      new RegExp(
        `could not read credentials from the ambient AWS credentials for ${host}: ${code}Exception: .*; check that an AWS identity is at hand here`,
      ),
    ),
  });
  expect(aws.refused).toEqual([`${code}Exception`]);
});

test("N16: a region that refuses is an error, and is not kept", async () => {
  const { aws, process } = world();
  aws.regions.add("us-east-1");
  const find = process({ environment: identity });
  await expect(find(host)).rejects.toThrow(/InvalidSignatureException/);
  aws.regions.add("eu-central-1");
  await expect(find(host)).resolves.toMatchObject({ username: "AWS" });
});

test("N16: an identity that may not log in is told which action it lacks", async () => {
  const { aws, process } = world();
  aws.denial = { code: "AccessDeniedException", message: "not authorized" };
  await expect(process({ environment: identity })(host)).rejects.toThrow(
    /AccessDeniedException: not authorized; .*ecr:GetAuthorizationToken/,
  );
});

test("N42: what AWS says is repeated without what it was shown", async () => {
  const { aws, process } = world();
  aws.accounts.set("AKIACANARY", {
    secret: "canary-secret",
    sessionToken: "canary-session",
  });
  aws.denial = { code: "Denied", message: "the token canary-session is old" };
  const environment = {
    AWS_ACCESS_KEY_ID: "AKIACANARY",
    AWS_SECRET_ACCESS_KEY: "canary-secret",
    AWS_SESSION_TOKEN: "canary-session",
  };
  const failure: unknown = await process({ environment })(host).catch(
    (error) => error,
  );
  expect(String(failure)).toMatch(/Denied: the token … is old/);
});

test("N16: without any identity a private registry is an error, not nobody", async () => {
  const { aws, process } = world();
  await expect(process()(host)).rejects.toMatchObject({ code: "CREDENTIALS" });
  expect(aws.asked).toEqual([]);
});

test("a cancelled operation does not wait for AWS, and those who asked with it go on", async () => {
  const { process } = world();
  const find = process({ environment: identity });
  const cancel = new AbortController();
  const [first, second] = [find(host, { signal: cancel.signal }), find(host)];
  cancel.abort();
  await expect(first).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(second).resolves.toMatchObject({ username: "AWS" });
});

test("one lost connection is no end: AWS is asked again", async () => {
  const { aws, process } = world();
  aws.hangUps = 1;
  const environment = { ...identity, AWS_MAX_ATTEMPTS: "3" };
  await expect(process({ environment })(host)).resolves.toMatchObject({
    username: "AWS",
  });
  expect(aws.asked).toHaveLength(1);
});

test("AWS that cannot be reached is told as that, with the host", async () => {
  const { aws, process } = world();
  aws.hangUps = Infinity;
  await expect(process({ environment: identity })(host)).rejects.toMatchObject({
    fault: "unreachable",
    message: expect.stringMatching(
      /could not read credentials from the ambient AWS credentials for .*127\.0\.0\.1:\d+ .*; check/,
    ),
  });
});

test("AWS is asked over the network that everything else goes by, and in clear only on this machine", async () => {
  const { aws, process, requests } = world();
  await process({ environment: identity })(host);
  expect(requests.map(({ url, ledBy }) => [url.origin, ledBy])).toEqual([
    [aws.url, "machine"],
  ]);
});
