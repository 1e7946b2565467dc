import { credentialFinder } from "../../../provider/credentials/catalog";
import { credentialSettings } from "../../../provider/credentials/settings";
import { useStandIn } from "./standIn";

const cloud = useStandIn();
const gar = "europe-west1-docker.pkg.dev";

test.each([
  ["google", { registry: `${gar}/acme`, google: {} }, true],
  [
    "google for gcr.io",
    {
      registry: "gcr.io",
      google: { impersonate: "a@b.iam.gserviceaccount.com" },
    },
    true,
  ],
  ["azure", { registry: "acme.azurecr.io", azure: { clientId: "c" } }, true],
  [
    "N17: google for a look-alike",
    { registry: "gcr.io.attacker.test", google: {} },
    false,
  ],
  [
    "N17: azure for a look-alike",
    { registry: "acme.azurecr.io.attacker.test", azure: {} },
    false,
  ],
  [
    "azure for another port",
    { registry: "acme.azurecr.io:5000", azure: {} },
    false,
  ],
  ["two clouds", { registry: gar, google: {}, azure: {} }, false],
  [
    "a cloud and a password",
    { registry: gar, google: {}, username: "u", password: "p" },
    false,
  ],
  ["an unknown word", { registry: gar, google: { keyFile: "x" } }, false],
  [
    "an account that is no address",
    { registry: gar, google: { impersonate: "x/../y" } },
    false,
  ],
])("an entry for %s", (_, entry, isGood) => {
  expect(credentialSettings.safeParse(entry).success).toBe(isGood);
});

test("an entry's Google identity is its own, for its own path", async () => {
  const { seen, reach } = await cloud(({ url }) =>
    url.startsWith("http:")
      ? {
          headers: { "metadata-flavor": "Google" },
          json: { access_token: "machine", expires_in: 3600 },
        }
      : { json: { accessToken: "team-a", expireTime: "2099-01-01T00:00:00Z" } },
  );
  const find = credentialFinder({
    given: [
      {
        registry: `${gar}/team-a`,
        google: { impersonate: "a@x.iam.gserviceaccount.com" },
      },
    ],
    environment: { HOME: "/nonexistent", GCE_METADATA_HOST: "169.254.169.254" },
  });
  await expect(find(`${gar}/team-a/app`, reach())).resolves.toMatchObject({
    secret: "team-a",
    source: expect.stringContaining(`entry ${gar}/team-a`),
  });
  await expect(find(`${gar}/team-b/app`, reach())).resolves.toMatchObject({
    secret: "machine",
    source: expect.stringContaining("the ambient Google credentials"),
  });
  expect(seen).toHaveLength(3);
});

test("`_json_key` is a plain user, and no cloud is asked", async () => {
  const { seen, reach } = await cloud(() => undefined);
  const find = credentialFinder({
    given: [{ registry: gar, username: "_json_key", password: "{}" }],
    environment: { HOME: "/nonexistent" },
  });
  await expect(find(`${gar}/team/app`, reach())).resolves.toMatchObject({
    kind: "basic",
    username: "_json_key",
    secret: "{}",
  });
  expect(seen).toEqual([]);
});
