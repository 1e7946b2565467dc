import { GoogleLogins } from "../../../provider/credentials/google/google";
import { useGoogle } from "./googleWorld";

const {
  adc,
  account,
  cloud,
  finderFor,
  folderWith,
  login,
  nobody,
  token,
  user,
  wanted,
  written,
} = useGoogle();

const canary = "canary-4711";
const metadata = {
  ...nobody(),
  METADATA_SERVER_DETECTION: "",
  GCE_METADATA_HOST: "metadata.test:80",
};
const flavored = { headers: { "metadata-flavor": "Google" } };
const tokenPath =
  "http://metadata.test/computeMetadata/v1/instance/service-accounts/default/token";

test("Google: the machine's metadata server is asked in clear, with its header, as this machine's own", async () => {
  const { seen, reach } = await cloud(() => ({
    ...token("by-machine"),
    ...flavored,
  }));
  const finder = finderFor(metadata);
  await expect(finder.find(wanted, reach())).resolves.toMatchObject({
    ...login("by-machine"),
    source: `${finder.name} (metadata server)`,
  });
  expect(seen).toMatchObject([
    { method: "GET", url: tokenPath, ledBy: "machine" },
  ]);
  expect(seen[0]?.headers["metadata-flavor"]).toBe("Google");
});

test("Google: an entry's account is impersonated by the machine's", async () => {
  const email = "mirror@acme.iam.gserviceaccount.com";
  const { seen, reach } = await cloud(({ url }) =>
    url === tokenPath
      ? { ...token("by-machine"), ...flavored }
      : {
          json: {
            accessToken: "as-mirror",
            expireTime: "2099-01-01T00:00:00Z",
          },
        },
  );
  const request = { settings: { impersonate: email }, source: "the test" };
  await expect(
    new GoogleLogins(metadata).login(request, wanted, reach()),
  ).resolves.toMatchObject(login("as-mirror"));
  expect(seen[1]?.url).toBe(
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/mirror%40acme.iam.gserviceaccount.com:generateAccessToken",
  );
});

test("Google: a machine without a service account has nobody, and is no error until an entry asks for one", async () => {
  const { reach } = await cloud(() => ({ status: 404, ...flavored }));
  await expect(
    finderFor(metadata).find(wanted, reach()),
  ).resolves.toBeUndefined();
  const request = { settings: {}, source: "the test" };
  await expect(
    new GoogleLogins(metadata).login(request, wanted, reach()),
  ).rejects.toThrow(/no Google identity is at hand/);
});

test("Google: where nothing is configured nobody is asked", async () => {
  const { seen, reach } = await cloud(() => token("never"));
  await expect(
    finderFor(nobody()).find(wanted, reach()),
  ).resolves.toBeUndefined();
  expect(seen).toEqual([]);
});

test.each([
  [
    "a file that is not there",
    { ...nobody(), GOOGLE_APPLICATION_CREDENTIALS: "/nonexistent.json" },
  ],
  ["a file that is no JSON", adc(`{"private_key": "${canary}`)],
  ["a file of another type", adc({ type: "api_key", api_key: canary })],
  ["a key that is none", adc({ ...account, private_key: canary })],
  [
    "the well-known file without its secret",
    {
      ...nobody(),
      CLOUDSDK_CONFIG: folderWith({ ...user, refresh_token: [canary] })[0],
    },
  ],
  [
    "federation by a client certificate",
    adc({
      type: "external_account",
      audience: "a",
      subject_token_type: "b",
      token_url: "https://sts.googleapis.com/v1/token",
      credential_source: { certificate: {} },
    }),
  ],
  [
    "a token server in clear",
    adc({
      type: "external_account",
      audience: "a",
      subject_token_type: "b",
      token_url: "http://sts.test/",
      credential_source: { file: "/x" },
    }),
  ],
])(
  "N16: %s is an error that names no secret, and nobody is asked",
  async (_, environment) => {
    const { seen, reach } = await cloud(() => token("never"));
    const failed: unknown = await finderFor(environment)
      .find(wanted, reach())
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "CREDENTIALS" });
    expect(String(failed)).not.toContain(canary);
    expect(seen).toEqual([]);
  },
);

const job = written("subject-secret");
const federated = {
  type: "external_account",
  audience: "a",
  subject_token_type: "b",
  token_url: "https://sts.googleapis.com/v1/token",
  credential_source: { file: job },
};

test.each([
  ["the signed assertion", account, "assertion"],
  ["a job's token", federated, "subject_token"],
  ["the refresh token", user, "refresh_token"],
  ["the client's secret", user, "client_secret"],
])(
  "N42: a token server that echoes %s is not repeated",
  async (_, file, field) => {
    let echoed = "";
    const { reach } = await cloud(({ form }) => {
      echoed = form[field] ?? "";
      return {
        status: 400,
        json: { error: "invalid_grant", error_description: `no ${echoed}` },
      };
    });
    const failed: unknown = await finderFor(adc(file))
      .find(wanted, reach())
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "CREDENTIALS" });
    expect(String(failed)).toContain("invalid_grant");
    expect(echoed).not.toBe("");
    expect(String(failed)).not.toContain(echoed);
  },
);

test("Google: what answers without the metadata server's header gets no say", async () => {
  const { reach } = await cloud(() => token("by-impostor"));
  await expect(finderFor(metadata).find(wanted, reach())).rejects.toThrow(
    /is not Google's metadata server/,
  );
});

test("Google: a call that is given up while Google is silent ends at once", async () => {
  const stop = new AbortController();
  const { reach } = await cloud(() => {
    stop.abort();
    return undefined;
  });
  await expect(
    finderFor(adc(account)).find(wanted, reach(stop.signal)),
  ).rejects.toMatchObject({ code: "CANCELLED" });
});

test("N28: an answer of more than 64 KiB is not read", async () => {
  const { reach } = await cloud(() => ({
    ...flavored,
    json: { access_token: "x".repeat(70_000) },
  }));
  await expect(finderFor(metadata).find(wanted, reach())).rejects.toThrow(
    /more than 64 KiB/,
  );
});
