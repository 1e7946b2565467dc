import type { Values } from "../../../../mirror/lifecycle";
import type { Given } from "../reading/given";
import { LeftOut } from "../reading/log";

/** Why no login is in an estate. */
export const login =
  "a login has no place in a file that lies in Git: `docker login`, or `credentials` of the provider with passwordEnv, which names an environment variable";

/** Why a host is not named in an estate. */
export const asUsual =
  "is reached over HTTPS with the system's certificates, so that there is nothing to say of it";

const dockerHub = ["index.docker.io", "registry-1.docker.io"];

/** A host as references and the provider's `registries` name it. */
export function hostIn(written: string | undefined): string {
  const host = written?.toLowerCase() ?? "";
  if (dockerHub.includes(host)) return "docker.io";
  const isHost =
    /^[a-z0-9.:[\]-]+$/.test(host) &&
    (/[.:]/.test(host) || host === "localhost");
  if (isHost) return host;
  throw new LeftOut(
    host === ""
      ? "it names no registry"
      : `${host} is no host with a dot or a port`,
  );
}

/** Certificates as the provider's `registries` take them. */
export function caIn(given: Given | undefined): Values {
  const pem = given?.text();
  const isPublic = !pem?.includes("PRIVATE KEY");
  if (isPublic && pem?.includes("-----BEGIN CERTIFICATE-----"))
    return { caPem: pem };
  given?.leave(
    isPublic
      ? "is no certificate in PEM: write its text as caPem of the host"
      : "holds a private key, which must not lie in a file in Git: consider it leaked",
  );
  return {};
}
