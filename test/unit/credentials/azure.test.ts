import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAzureHost } from "../../../provider/credentials/azure/azure";
import { useAzure } from "./azureWorld";

const { application, azure, finderFor, folder, host, wanted } = useAzure();

const tenantUrl = (tenant: string): RegExp =>
  new RegExp(
    `^https://login\\.microsoftonline\\.com/${tenant}/oauth2/v2\\.0/token(\\?|$)`,
  );

test("Azure: a service principal's secret becomes a token for registries only, and that the registry's refresh token", async () => {
  const { seen, reach, pass } = await azure();
  const { tenantId, clientId, environment } = application();
  const finder = finderFor({
    ...environment,
    AZURE_CLIENT_SECRET: "client-secret",
  });
  const ask = (isFresh = false) => finder.find({ ...wanted, isFresh }, reach());
  const found = await Promise.all([ask(), ask(), ask()]);
  expect(found).toEqual(
    Array.from({ length: 3 }, () => ({
      kind: "identityToken",
      source: `${finder.name} (service principal)`,
      secret: "refresh-1",
    })),
  );
  const posts = seen.filter(({ method }) => method === "POST");
  expect(posts).toMatchObject([
    {
      url: expect.stringMatching(tenantUrl(tenantId)),
      form: {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: "client-secret",
        scope: expect.stringMatching(
          /^https:\/\/containerregistry\.azure\.net\/\.default\b/,
        ),
      },
    },
    {
      url: `https://${host}/oauth2/exchange`,
      form: {
        grant_type: "access_token",
        service: host,
        tenant: tenantId,
        access_token: "entra-1",
      },
    },
  ]);
  expect(posts[1]?.headers.authorization).toBeUndefined();
  await expect(ask(true)).resolves.toMatchObject({ secret: "refresh-2" });
  pass(61 * 60_000);
  await expect(ask()).resolves.toMatchObject({ secret: "refresh-3" });
});

test("Azure: workload identity posts the pod's token as its assertion", async () => {
  const { seen, reach } = await azure();
  const { tenantId, clientId, environment } = application();
  const path = join(folder(), "federated");
  writeFileSync(path, "pod-token");
  const finder = finderFor({
    ...environment,
    AZURE_FEDERATED_TOKEN_FILE: path,
  });
  await expect(finder.find(wanted, reach())).resolves.toMatchObject({
    source: `${finder.name} (workload identity)`,
    secret: "refresh-1",
  });
  expect(
    seen.find(({ url }) => tenantUrl(tenantId).test(url))?.form,
  ).toMatchObject({
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion: "pod-token",
    client_assertion_type:
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
});

test.each([
  ["acme.azurecr.cn", "https://login.partner.microsoftonline.cn/"],
  ["acme.azurecr.us", "https://login.microsoftonline.us/"],
])("Azure: for %s the identity is asked for at %s", async (name, authority) => {
  const { seen, reach } = await azure();
  const { environment } = application();
  const finder = finderFor({
    ...environment,
    AZURE_CLIENT_SECRET: "client-secret",
  });
  await finder.find({ ...wanted, host: name }, reach());
  const posts = seen.filter(({ method }) => method === "POST");
  expect(posts[0]?.url.startsWith(authority)).toBe(true);
  expect(posts[1]?.url).toBe(`https://${name}/oauth2/exchange`);
});

test.each([
  [host, true],
  ["acme-abc123.azurecr.io", true],
  ["acme.azurecr.cn", true],
  ["acme.azurecr.us", true],
  ["acme.azurecr.de", true],
  ["azurecr.io", false],
  ["x.azurecr.io.attacker.test", false],
  ["evilazurecr.io", false],
  ["a.b.azurecr.io", false],
  ["-a.azurecr.io", false],
  ["acme.azurecr.com", false],
  ["acme.azurecr.io:443", false],
])("N17: that %s is a registry of Azure's is %s", (name, isOne) => {
  expect(isAzureHost(name)).toBe(isOne);
});
