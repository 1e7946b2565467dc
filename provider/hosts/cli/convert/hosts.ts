import type { Values } from "../../../mirror/lifecycle";
import type { Given } from "./given";
import { LeftOut } from "./log";

/** Why no login is in an estate. */
export const login =
  "a login has no place in a file that lies in Git: `docker login`, or `credentials` of the provider with passwordEnv, which names an environment variable";

/** A host as the provider's `registries` name it. */
export function hostIn(written: string | undefined): string {
  const host = written?.toLowerCase() ?? "";
  if (host === "") throw new LeftOut("it names no registry");
  if (!/^[a-z0-9.:[\]-]+$/.test(host)) throw new LeftOut(`${host} is no host`);
  return ["index.docker.io", "registry-1.docker.io"].includes(host)
    ? "docker.io"
    : host;
}

/** Certificates as the provider's `registries` take them. */
export function caIn(given: Given | undefined): Values {
  const pem = given?.text();
  if (pem?.includes("-----BEGIN CERTIFICATE-----")) return { caPem: pem };
  given?.leave("is no certificate in PEM: write its text as caPem of the host");
  return {};
}
