import { verify } from "node:crypto";
import { isGoogleHost } from "../../../provider/credentials/google/google";
import { useGoogle } from "./googleWorld";
import type { Answer } from "./standIn";

const {
  adc,
  account,
  cloud,
  finderFor,
  folderWith,
  host,
  keys,
  login,
  nobody,
  scope,
  token,
  user,
  wanted,
  written,
} = useGoogle();

const federated = {
  type: "external_account",
  audience: "//iam.googleapis.com/projects/1/locations/global/x",
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  token_url: "https://sts.googleapis.com/v1/token",
};
const byIam = (email: string): string =>
  `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
const granted = (token: string): Answer => ({
  json: {
    accessToken: token,
    expireTime: new Date(Date.now() + 3_600_000).toISOString(),
  },
});
test("Google: a service account's signed assertion becomes an access token, asked for once until shortly before its end", async () => {
  let nth = 0;
  const { seen, reach, pass } = await cloud(() => token(`token-${(nth += 1)}`));
  const finder = finderFor(adc(account));
  const ask = (isFresh = false) => finder.find({ ...wanted, isFresh }, reach());
  const found = await Promise.all([ask(), ask(), ask()]);
  expect(found).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining(login("token-1"))),
  );
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST https://oauth2.googleapis.com/token",
  ]);
  expect(seen[0]?.form["grant_type"]).toBe(
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
  );
  const [head = "", claims = "", signature = ""] = String(
    seen[0]?.form["assertion"],
  ).split(".");
  const read = (part: string): unknown =>
    JSON.parse(Buffer.from(part, "base64url").toString());
  expect(
    verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      keys.publicKey,
      Buffer.from(signature, "base64url"),
    ),
  ).toBe(true);
  expect(read(head)).toMatchObject({ alg: "RS256" });
  expect(read(claims)).toMatchObject({
    iss: account.client_email,
    aud: "https://oauth2.googleapis.com/token",
    scope,
  });
  await expect(ask(true)).resolves.toMatchObject({ secret: "token-2" });
  pass(56 * 60_000);
  await expect(ask()).resolves.toMatchObject({ secret: "token-3" });
});

test("Google: a user's application default credentials are refreshed, found where gcloud leaves them", async () => {
  const { seen, reach } = await cloud(() => token("by-user"));
  const [home, path] = folderWith(user);
  const finder = finderFor({ ...nobody(), CLOUDSDK_CONFIG: home });
  await expect(finder.find(wanted, reach())).resolves.toMatchObject({
    ...login("by-user"),
    source: `${finder.name} (${path})`,
  });
  expect(seen[0]).toMatchObject({
    method: "POST",
    url: "https://oauth2.googleapis.com/token",
    form: {
      grant_type: "refresh_token",
      refresh_token: "refresh-secret",
      client_id: "client",
      client_secret: "client-secret",
    },
  });
});

test("Google: workload identity federation exchanges the file's token at STS and impersonates", async () => {
  const email = "mirror@acme.iam.gserviceaccount.com";
  const { seen, reach } = await cloud(({ url }) =>
    url.startsWith("https://sts.") ? token("federated") : granted("by-account"),
  );
  const environment = adc({
    ...federated,
    credential_source: { file: written("subject-token") },
    service_account_impersonation_url: byIam(email),
  });
  await expect(
    finderFor(environment).find(wanted, reach()),
  ).resolves.toMatchObject(login("by-account"));
  expect(seen[0]).toMatchObject({
    method: "POST",
    url: federated.token_url,
    form: {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: federated.audience,
      subject_token: "subject-token",
      subject_token_type: federated.subject_token_type,
      scope,
    },
  });
  expect(seen[1]).toMatchObject({ method: "POST", url: byIam(email) });
  expect(seen[1]?.headers.authorization).toBe("Bearer federated");
  expect(JSON.parse(seen[1]?.body ?? "")).toMatchObject({ scope: [scope] });
});

test("Google: workload identity federation reads the token of a job from its URL", async () => {
  const job = "https://token.actions.example/?audience=x";
  const { seen, reach } = await cloud(({ url }) =>
    url === job ? { json: { value: "from-job" } } : token("federated"),
  );
  const environment = adc({
    ...federated,
    credential_source: {
      url: job,
      headers: { Authorization: "Bearer job-secret" },
      format: { type: "json", subject_token_field_name: "value" },
    },
  });
  await expect(
    finderFor(environment).find(wanted, reach()),
  ).resolves.toMatchObject(login("federated"));
  expect(seen[0]?.headers.authorization).toBe("Bearer job-secret");
  expect(seen[1]?.form["subject_token"]).toBe("from-job");
});

test("Google: an impersonated account's file asks by its source's token", async () => {
  const email = "target@acme.iam.gserviceaccount.com";
  const { seen, reach } = await cloud(({ url }) =>
    url.includes("oauth2") ? token("own") : granted("as-target"),
  );
  const environment = adc({
    type: "impersonated_service_account",
    source_credentials: user,
    service_account_impersonation_url: byIam(email),
    delegates: ["between"],
  });
  await expect(
    finderFor(environment).find(wanted, reach()),
  ).resolves.toMatchObject(login("as-target"));
  expect(seen[1]?.headers.authorization).toBe("Bearer own");
  expect(JSON.parse(seen[1]?.body ?? "")).toMatchObject({
    delegates: ["between"],
  });
});

test.each([
  ["gcr.io", true],
  ["eu.gcr.io", true],
  [host, true],
  ["a.b.gcr.io", false],
  ["evil-gcr.io", false],
  ["gcr.io.attacker.test", false],
  ["a.pkg.dev.attacker.test", false],
  ["pkg.dev", false],
  ["x.y.pkg.dev", false],
  ["evilpkg.dev", false],
  [`${host}:443`, false],
  ["storage.google.com", false],
])("N17: that %s is a registry of Google's is %s", (name, isOne) => {
  expect(isGoogleHost(name)).toBe(isOne);
});
