import { notAReference } from "./notAReference";

/** A repository's place: `host[:port]`, and its name there. */
export interface Place {
  readonly registry: string;
  readonly repository: string;
}

const dockerHub = "docker.io";
const dockerHubNames = [dockerHub, "index.docker.io", "registry-1.docker.io"];
const hostGrammar =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
const segmentGrammar = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** A registry's one name: Docker Hub goes by several hosts (W05). */
export function registryName(host: string): string {
  return dockerHubNames.includes(host) ? dockerHub : host;
}

/** Reads `[host[:port]/]name` as Docker does: without a host it is on Docker Hub (W01, W05). `text` is what the user wrote. */
export function parseRepository(name: string, text: string): Place {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:[]/.test(first) || first.toLowerCase() === "localhost";
  const registry = isHost ? parseHost(first, text) : dockerHub;
  const rest = isHost ? name.slice(slash + 1) : name;
  const isOfficial = registry === dockerHub && !rest.includes("/");
  const repository = isOfficial ? `library/${rest}` : rest;
  requireName(rest, text);
  if (`${registry}/${repository}`.length > 255) {
    throw notAReference(text, "host and name are longer than 255 characters");
  }
  return { registry, repository };
}

function parseHost(written: string, text: string): string {
  const host = written.toLowerCase();
  const address = `http://${host}`;
  if (host.length > 255 || !hostGrammar.test(host) || !URL.canParse(address)) {
    throw notAReference(text, `"${written}" is not a host, or host:port`);
  }
  // 0x7f.1 is 127.0.0.1 to whoever connects: we show what is connected to.
  const port = /:[0-9]+$/.exec(host)?.[0] ?? "";
  const registry = `${new URL(address).hostname}${port}`;
  return registryName(registry);
}

function requireName(name: string, text: string): void {
  const wrong = name.slice(0, 256).split("/").find(isWrongSegment);
  if (wrong === undefined) return;
  throw notAReference(text, whyWrong(wrong));
}

function isWrongSegment(segment: string): boolean {
  return !segmentGrammar.test(segment);
}

function whyWrong(segment: string): string {
  if (segment === "") {
    return "a name is missing before, between or after the slashes";
  }
  if (segmentGrammar.test(segment.toLowerCase())) {
    return `repository names are lower case: write ${segment.toLowerCase()} for ${segment}`;
  }
  return `${JSON.stringify(segment)} is not a repository name: lower-case letters and digits are expected, with single dots, one or two underscores, or hyphens between them`;
}
