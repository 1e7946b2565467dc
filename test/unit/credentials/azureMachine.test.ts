import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { AzureLogins } from "../../../provider/credentials/azure/azure";
import { useAzure } from "./azureWorld";

const { application, azure, finderFor, folder, nobody, wanted } = useAzure();

const resource = "https://containerregistry.azure.net";
const names = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "PATH"];
const before = new Map(names.map((name) => [name, process.env[name]]));
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** An App Service, as Azure's library finds it in the process itself. */
function appService(): Record<string, string> {
  const own = {
    IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token",
    IDENTITY_HEADER: "header-secret",
  };
  Object.assign(process.env, own);
  return { ...nobody, ...own };
}
const managed = (token: string) => ({
  json: {
    access_token: token,
    expires_on: "4102444800",
    resource,
    token_type: "Bearer",
  },
});

test("Azure: a managed identity is asked for in clear at the endpoint of the machine, with its header", async () => {
  const { seen, reach } = await azure(({ url }) =>
    url.startsWith("http:") ? managed("by-machine") : undefined,
  );
  const finder = finderFor(appService());
  await expect(finder.find(wanted, reach())).resolves.toEqual({
    kind: "identityToken",
    source: `${finder.name} (managed identity)`,
    secret: "refresh-1",
  });
  const [first, exchange] = seen;
  const asked = new URL(first?.url ?? "");
  expect(`${first?.method} ${asked.origin}${asked.pathname}`).toBe(
    "GET http://127.0.0.1:41741/msi/token",
  );
  expect(asked.searchParams.get("resource")).toBe(resource);
  expect(first?.ledBy).toBe("machine");
  expect(first?.headers["x-identity-header"]).toBe("header-secret");
  expect(exchange?.form).toMatchObject({ access_token: "by-machine" });
});

test("Azure: an entry chooses the user-assigned identity", async () => {
  const { seen, reach } = await azure(({ url }) =>
    url.startsWith("http:") ? managed("by-user-assigned") : undefined,
  );
  const logins = new AzureLogins(appService());
  const clientId = "33333333-0000-4000-8000-000000000001";
  const request = {
    host: wanted.host,
    settings: { clientId },
    source: "the test",
  };
  await logins.login(request, wanted, reach());
  expect(new URL(seen[0]?.url ?? "").searchParams.get("client_id")).toBe(
    clientId,
  );
});

test("Azure: the login of `az` is taken where there is one, and is nobody where `az` has none", async () => {
  const bin = join(folder(), "bin");
  mkdirSync(bin);
  const az = (script: string): void => {
    writeFileSync(join(bin, "az"), `#!${process.execPath}\n${script}`);
    chmodSync(join(bin, "az"), 0o755);
  };
  mkdirSync(join(folder(), ".azure"));
  writeFileSync(join(folder(), ".azure", "azureProfile.json"), "{}");
  process.env["PATH"] = [bin, dirname(process.execPath), "/bin"].join(
    delimiter,
  );
  const { seen, reach } = await azure();
  az(
    `console.log(JSON.stringify({ accessToken: "by-cli", expires_on: 4102444800, tokenType: "Bearer" }));`,
  );
  await expect(finderFor(nobody).find(wanted, reach())).resolves.toMatchObject({
    source: expect.stringContaining("`az`"),
    secret: "refresh-1",
  });
  expect(seen[0]?.form).toMatchObject({ access_token: "by-cli" });
  az(
    `console.error("Please run 'az login' to setup account."); process.exitCode = 1;`,
  );
  await expect(
    finderFor(nobody).find(wanted, reach()),
  ).resolves.toBeUndefined();
  expect(seen).toHaveLength(1);
});

test("Azure: where nothing is configured nobody is asked, until an entry asks for somebody", async () => {
  const { seen, reach } = await azure();
  const empty = { HOME: join(folder(), "empty") };
  await expect(finderFor(empty).find(wanted, reach())).resolves.toBeUndefined();
  const request = { host: wanted.host, settings: {}, source: "the test" };
  await expect(
    new AzureLogins(empty).login(request, wanted, reach()),
  ).rejects.toThrow(/no Azure identity is at hand/);
  expect(seen).toEqual([]);
});

test("N16, N42: an identity that Entra refuses is an error that repeats no secret", async () => {
  const { reach } = await azure(({ method, form }) =>
    method === "POST"
      ? {
          status: 401,
          json: {
            error: "invalid_client",
            error_description: `AADSTS7000215: Invalid client secret ${form["client_secret"]}`,
          },
        }
      : undefined,
  );
  const { environment } = application();
  const failed: unknown = await finderFor({
    ...environment,
    AZURE_CLIENT_SECRET: "client-secret",
  })
    .find(wanted, reach())
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "CREDENTIALS" });
  expect(String(failed)).toContain("AADSTS7000215");
  expect(String(failed)).not.toContain("client-secret");
});

test("N16: a registry that refuses the exchange is an error, and the token is not repeated", async () => {
  const { reach } = await azure(({ url }) =>
    url.endsWith("/oauth2/exchange") ? { status: 401, json: {} } : undefined,
  );
  const { environment } = application();
  await expect(
    finderFor({ ...environment, AZURE_CLIENT_SECRET: "client-secret" }).find(
      wanted,
      reach(),
    ),
  ).rejects.toMatchObject({
    code: "CREDENTIALS",
    message: expect.stringMatching(/answered 401 to the exchange.*AcrPull/),
  });
});

test("N16: a workload's token that cannot be read is an error", async () => {
  const { seen, reach } = await azure();
  const { environment } = application();
  const finder = finderFor({
    ...environment,
    AZURE_FEDERATED_TOKEN_FILE: "/nonexistent",
  });
  await expect(finder.find(wanted, reach())).rejects.toMatchObject({
    code: "CREDENTIALS",
  });
  expect(seen.filter(({ method }) => method === "POST")).toEqual([]);
});

test("Azure: a call that is given up while Entra is silent ends at once", async () => {
  const stop = new AbortController();
  const { reach } = await azure(({ method }) => {
    if (method === "POST") stop.abort();
    return undefined;
  });
  const { environment } = application();
  await expect(
    finderFor({ ...environment, AZURE_CLIENT_SECRET: "client-secret" }).find(
      wanted,
      reach(stop.signal),
    ),
  ).rejects.toMatchObject({ code: "CANCELLED" });
});
