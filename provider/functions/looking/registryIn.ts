import type { Failure } from "../../mirror/lifecycle";
import { MalformedError } from "../../oci/malformed";
import { parseReference } from "../../oci/reference";

/** A registry, or a part of it. */
export interface RegistryPart {
  readonly registry: string;
  readonly namespace: string;
}

/** Reads `host[:port][/namespace]`; a first word that is no host is not taken for Docker Hub's. */
export function registryIn(text: string): RegistryPart | Failure {
  const written = text.replace(/\/$/, "");
  const slash = written.indexOf("/");
  const host = slash < 0 ? written : written.slice(0, slash);
  const namespace = slash < 0 ? "" : written.slice(slash + 1);
  const isHost = /[.:[]/.test(host) || host.toLowerCase() === "localhost";
  if (!isHost)
    return {
      property: "registry",
      reason: `begin with the registry's host, as in docker.io/${host || "acme"}`,
    };
  try {
    // a repository below it, so that host and namespace are read as everywhere else
    const reference = parseReference(
      `${[host, namespace, "x", "x"].filter(Boolean).join("/")}`,
    );
    if (reference.kind === "registry")
      return { registry: reference.registry, namespace };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return {
    property: "registry",
    reason: `${JSON.stringify(text.slice(0, 300))} is not host[:port][/namespace], without scheme, tag and digest`,
  };
}

/** A host alone. */
export function hostIn(text: string): string | Failure {
  const read = registryIn(text);
  if ("registry" in read && read.namespace === "") return read.registry;
  const reason = `${JSON.stringify(text.slice(0, 300))} is not host[:port]`;
  return { property: "api", reason };
}
