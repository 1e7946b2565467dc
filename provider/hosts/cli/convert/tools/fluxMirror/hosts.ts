import type { Values } from "../../../../../mirror/lifecycle";
import type { Given, Mapping } from "../../reading/given";
import { asUsual, caIn, hostIn, login } from "../../dialects/hosts";
import { LeftOut } from "../../reading/log";

const reasons = {
  username: login,
  credential: login,
  provider:
    "the clouds' own logins are found by themselves for their registries' hosts",
  maxChunkSize: "pieces are as large as the registry takes them",
};

/** `hosts`: how they are reached. Logins stay outside of an estate. */
export function fluxHosts(top: Mapping): ReadonlyMap<string, Values> {
  const hosts = new Map<string, Values>();
  for (const given of top.items("hosts")) {
    readHost(given, hosts);
  }
  return hosts;
}

function readHost(given: Given, hosts: Map<string, Values>): void {
  try {
    const entry = given.mapping();
    const host = hostIn(entry.text("host"));
    const values = tlsOf(entry);
    entry.leave(reasons);
    entry.finish("flux-mirror");
    if (Object.keys(values).length > 0) hosts.set(host, values);
    else entry.get("host")?.leave(asUsual);
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error;
    given.page.log.leaveOut(given, `left out: ${error.message}`);
  }
}

function tlsOf(entry: Mapping): Values {
  const tls = entry.within("tls");
  const server = tls.within("serverAuth");
  const certificate = caIn(server.get("value"));
  server.leave({
    fromPath: "write the text of that file as caPem of the host",
    provider: "SPIFFE is not known here",
    spiffe: "SPIFFE is not known here",
  });
  server.finish("flux-mirror");
  tls.leave({
    clientAuth:
      "give clientCertPem, beside clientKeyFile or clientKeyEnv, in the provider's registries",
  });
  tls.finish("flux-mirror");
  return certificate;
}
