import type { Values } from "../../../../../mirror/lifecycle";
import type { Given, Mapping } from "../../reading/given";
import { asUsual, caIn, hostIn, login } from "../../dialects/hosts";
import { LeftOut } from "../../reading/log";
import { fillRegsync } from "../../dialects/variables";

const reasons = {
  hostname:
    "a registry is asked by its own name: write the host that is asked into the references",
  token: login,
  user: login,
  pass: login,
  credHelper:
    "name the helper in Docker's configuration (credHelpers), which is read",
  credExpire: "a helper is asked again whenever a login is needed",
  credHost: "a helper is asked for the registry's own name",
  clientCert:
    "give it as clientCertPem, beside clientKeyFile or clientKeyEnv, in the provider's registries",
  clientKey:
    "it is a secret: put it into a file, and name that as clientKeyFile beside clientCertPem in the provider's registries",
  pathPrefix: "mirrors of a registry are not asked instead of it",
  mirrors: "mirrors of a registry are not asked instead of it",
  priority: "mirrors of a registry are not asked instead of it",
  repoAuth: "every repository has a token of its own already",
  api: "there is one API, that of OCI",
  apiOpts: "there is one API, that of OCI",
  blobChunk: "pieces are as large as the registry takes them",
  blobMax: "pieces are as large as the registry takes them",
  reqPerSec: "each host has a pace of its own here, which follows its answers",
  reqConcurrent:
    "each host has a pace of its own here, which follows its answers",
};

/** One of `creds`: how a host is reached. Logins stay outside of an estate. */
export function regsyncHost(
  given: Given,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly host: string; readonly values: Values } | undefined {
  try {
    const entry = given.mapping();
    const written = fillRegsync(entry.get("registry"), environment);
    const values = { ...tlsOf(entry), ...caIn(entry.get("regcert")) };
    entry.leave(reasons);
    entry.finish("regsync");
    const host = hostIn(written);
    if (Object.keys(values).length === 0) entry.get("registry")?.leave(asUsual);
    return { host, values };
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error;
    given.page.log.leaveOut(given, `left out: ${error.message}`);
    return undefined;
  }
}

function tlsOf(entry: Mapping): Values {
  const scheme = entry.text("scheme");
  const tls = entry.text("tls")?.toLowerCase();
  if (tls === "disabled" || scheme === "http") return { plainHttp: true };
  if (tls === "insecure") return { skipTlsVerify: true };
  return {};
}
