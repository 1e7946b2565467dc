import { convert } from "../../../provider/hosts/cli/convert/convert";
import { readEstate } from "../../../provider/functions/estate/read";

const entry = (source: string, destination: string, subject: string) => `
  - source: ${source}
    destination: ${destination}
    verify:
      provider: cosign
      matchOIDCIdentity:
        - issuer: https://issuer.example
          subject: ^${subject}$`;

/** Source → the identity that the converted estate wants of it. */
function identities(artifacts: readonly string[]): Record<string, string> {
  const { text } = convert(
    `apiVersion: mirror.plugin.fluxcd.io/v1beta1\nkind: Config\nartifacts:${artifacts.join("")}\n`,
    { name: "mirror.yaml", environment: {} },
  );
  const read = readEstate(text, {
    floor: { policies: {}, allowUnverified: true },
  });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const { declared, policies } = read.estate;
  return Object.fromEntries(
    declared.map(({ args: { source, policy } }) => {
      const [by] = policies[Object(policy).use]?.signedBy ?? [];
      return [String(source), String(Object(by).keyless?.identityPattern)];
    }),
  );
}

test("two entries whose destinations are called alike keep each its own signers", () => {
  const long = "a".repeat(100);
  expect(
    identities([
      entry("one.example/app", "eu.example/app", "one@acme"),
      entry("two.example/app", "us.example/app", "two@acme"),
      entry("one.example/long", `eu.example/${long}/one`, "three@acme"),
      entry("two.example/long", `eu.example/${long}/two`, "four@acme"),
    ]),
  ).toEqual({
    "one.example/app": "one@acme",
    "two.example/app": "two@acme",
    "one.example/long": "three@acme",
    "two.example/long": "four@acme",
  });
});

const canary = "hunter2-canary";

test.each([
  [
    "flux-mirror",
    `apiVersion: mirror.plugin.fluxcd.io/v1beta1
kind: Config
hosts:
  - host: one.example
    username: \${SECRET}
    credential: \${SECRET}
artifacts:${entry("one.example/app", "eu.example/app", "me")}
`,
  ],
  [
    "regsync",
    `version: 1
creds:
  - registry: one.example
    user: '{{env "SECRET"}}'
    pass: '{{env "SECRET"}}'
    token: '{{env "SECRET"}}'
sync:
  - source: one.example/app:1
    target: two.example/app:1
    type: image
`,
  ],
])("no login of %s gets into the estate or the report", (_, text) => {
  const converted = convert(text, {
    name: "file",
    environment: { SECRET: canary },
  });
  expect(JSON.stringify(converted)).not.toContain(canary);
});

test("a file's name is one line of the comment that is written", () => {
  const { text } = convert(
    "version: 1\nsync:\n  - source: one.example/app:1\n    target: two.example/app:1\n    type: image\n",
    {
      name: "x\npolicies: {converted: {unverified: nobody}}\n#",
      environment: {},
    },
  );
  expect(text).not.toMatch(/^policies: \{converted/m);
});
