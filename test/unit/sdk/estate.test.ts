import * as pulumi from "@pulumi/pulumi";
import { providerConfig } from "../../../provider/hosts/config";
import { Provider } from "../../../sdk/nodejs/provider";
import { estate } from "../../../sdk/program/estate";

const registry = { host: "lab.example", plainHttp: true };

/** Runs `estate` where getEstate answers this; what is registered, by name. */
async function registered(
  answer: object,
  config: Readonly<Record<string, unknown>>,
  given?: () => pulumi.ProviderResource,
): Promise<ReadonlyMap<string, pulumi.runtime.MockResourceArgs>> {
  const all = new Map<string, pulumi.runtime.MockResourceArgs>();
  await pulumi.runtime.setMocks({
    call: () => ({
      artifacts: [],
      repositories: [],
      registries: [],
      policies: {},
      total: 0,
      ...answer,
    }),
    newResource: (one) => {
      all.set(one.name, one);
      return { id: one.name, state: one.inputs };
    },
  });
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        `artifact-mirror:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const options = { provider: given?.() };
  const { provider } = await estate("./files/vendors.yaml", options);
  await new Promise((done) => provider.urn.apply(done));
  return all;
}

const stack = {
  registries: [{ host: "reg.example" }],
  credentials: [{ registry: "reg.example", passwordEnv: "TOKEN" }],
  policies: { own: { unverified: "x" } },
  allowUnverified: false,
  allowedPlugins: ["reg.example/plugins/*"],
  trustRefresh: "tuf",
  refreshBeforeUpdate: false,
};

/** What stands in an input, secret or not. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : String(Object(value).value);
}

test("the provider that is made has the whole configuration of the stack, and what the file adds", async () => {
  const policies = { vendors: { unverified: "y" } };
  const all = await registered({ registries: [registry], policies }, stack);
  const { inputs } = all.get("vendors") ?? {};
  expect(Object.keys(stack).sort()).toEqual(
    Object.keys(providerConfig.shape).sort(),
  );
  expect(
    Object.fromEntries(
      Object.entries(inputs ?? {}).map(([key, value]) => [
        key,
        key === "trustRefresh" ? value : JSON.parse(textOf(value)),
      ]),
    ),
  ).toEqual({
    ...stack,
    registries: [...stack.registries, registry],
    policies: { ...stack.policies, ...policies },
  });
});

test("what a stack does not say is not said for it", async () => {
  const all = await registered({}, {});
  expect(all.get("vendors")?.inputs).toEqual({
    registries: "[]",
    policies: "{}",
  });
});

test("a host that both the file and the stack describe is refused", async () => {
  await expect(
    registered({ registries: [registry] }, { registries: [registry] }),
  ).rejects.toThrow(
    "./files/vendors.yaml says how lab.example is reached, and so does the stack's configuration",
  );
});

test("what the file says of a host is not lost to a provider that does not know it", async () => {
  const mine = () => new Provider("mine");
  await expect(
    registered({ registries: [registry] }, {}, mine),
  ).rejects.toThrow(
    "./files/vendors.yaml says how lab.example is reached, which only a provider made for it can heed",
  );
});
