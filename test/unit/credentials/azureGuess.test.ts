import { AzureLogins } from "../../../provider/credentials/azure/azure";
import { useAzure } from "./azureWorld";

const { azure, folder, wanted } = useAzure();

test("Azure: a machine of Azure's without an identity has nobody, and asks its metadata service alone", async () => {
  const { seen, reach } = await azure(({ url }) =>
    url.startsWith("http:")
      ? {
          status: 400,
          json: {
            error: "invalid_request",
            error_description: "Identity not found",
          },
        }
      : undefined,
  );
  const home = { HOME: folder() };
  const logins = new AzureLogins(home, async () => true);
  const request = { host: wanted.host, settings: {}, source: "the test" };
  await expect(logins.find(request, wanted, reach())).resolves.toBeUndefined();
  expect([...new Set(seen.map(({ url }) => new URL(url).host))]).toEqual([
    "169.254.169.254",
  ]);
  expect(seen.every(({ ledBy }) => ledBy === "machine")).toBe(true);
});
