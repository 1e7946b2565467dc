import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  azureFinder,
  AzureLogins,
} from "../../../provider/credentials/azure/azure";
import { useStandIn, type Answer, type Seen, type StandIn } from "./standIn";

const host = "acme.azurecr.io";

/** Microsoft's endpoints and a registry for the tests of one file, and a machine that has no identity unless a test gives it one. */
export function useAzure() {
  const folder = mkdtempSync(join(tmpdir(), "azure-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const cloud = useStandIn();
  let applications = 0;
  const nobody = { HOME: folder };
  return {
    /** an application that nobody has asked for yet: the library remembers */
    application: () => {
      applications += 1;
      const tenantId = `11111111-0000-4000-8000-00000000000${applications}`;
      const clientId = `22222222-0000-4000-8000-00000000000${applications}`;
      return {
        tenantId,
        clientId,
        environment: {
          ...nobody,
          AZURE_TENANT_ID: tenantId,
          AZURE_CLIENT_ID: clientId,
        },
      };
    },
    azure: (
      special: (request: Seen) => Answer | undefined = () => undefined,
    ): Promise<StandIn> => {
      let tokens = 0;
      let exchanges = 0;
      return cloud((request) => {
        const own = special(request);
        if (own !== undefined) return own;
        const { url } = request;
        if (url.endsWith("/oauth2/exchange"))
          return { json: { refresh_token: `refresh-${(exchanges += 1)}` } };
        if (request.method === "GET") return discovery(url);
        tokens += 1;
        return {
          json: {
            token_type: "Bearer",
            access_token: `entra-${tokens}`,
            expires_in: 3600,
          },
        };
      });
    },
    finderFor: (environment: Readonly<Record<string, string>>) =>
      azureFinder(new AzureLogins(environment)),
    folder: () => folder,
    host,
    nobody,
    wanted: { host, repository: `${host}/team/app`, isFresh: false },
  };
}

/** What says where a tenant's tokens are. */
function discovery(url: string): Answer {
  const { origin, pathname } = new URL(url);
  const tenant = pathname.split("/")[1] ?? "";
  const base = `${origin}/${tenant}`;
  return {
    json: {
      tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`,
      metadata: [],
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    },
  };
}
