import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  googleFinder,
  GoogleLogins,
} from "../../../provider/credentials/google/google";
import { useStandIn, type Answer } from "./standIn";

const host = "europe-west1-docker.pkg.dev";
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const account = {
  type: "service_account",
  client_email: "mirror@acme.iam.gserviceaccount.com",
  private_key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
};
const user = {
  type: "authorized_user",
  client_id: "client",
  client_secret: "client-secret",
  refresh_token: "refresh-secret",
};
const token = (value: string): Answer => ({
  json: { access_token: value, expires_in: 3600, token_type: "Bearer" },
});

type Variables = Readonly<Record<string, string>>;

/** Google's endpoints for the tests of one file, and a machine that has no identity unless a test gives it one. */
export function useGoogle() {
  const folder = mkdtempSync(join(tmpdir(), "google-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  const written = (content: unknown): string => {
    files += 1;
    const path = join(folder, `file-${files}.json`);
    const isText = typeof content === "string";
    writeFileSync(path, isText ? content : JSON.stringify(content));
    return path;
  };
  const nobody = (): Variables => ({
    HOME: folder,
    CLOUDSDK_CONFIG: folder,
    METADATA_SERVER_DETECTION: "none",
  });
  return {
    account,
    adc: (content: unknown): Variables => ({
      ...nobody(),
      GOOGLE_APPLICATION_CREDENTIALS: written(content),
    }),
    cloud: useStandIn(),
    finderFor: (environment: Variables) =>
      googleFinder(new GoogleLogins(environment)),
    /** a folder as gcloud keeps one, and the file in it */
    folderWith: (content: unknown): [string, string] => {
      const home = mkdtempSync(join(folder, "gcloud-"));
      const path = join(home, "application_default_credentials.json");
      writeFileSync(path, JSON.stringify(content));
      return [home, path];
    },
    host,
    keys,
    login: (secret: string) => ({
      kind: "basic",
      username: "oauth2accesstoken",
      secret,
    }),
    nobody,
    scope: "https://www.googleapis.com/auth/cloud-platform",
    token,
    user,
    wanted: { host, repository: `${host}/acme/app`, isFresh: false },
    written,
  };
}
