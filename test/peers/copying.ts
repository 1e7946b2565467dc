import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PeerTool } from "./tools";

/** One artifact to be copied by a tool. */
export interface CopyJob {
  /** `host/repository:tag` */
  readonly source: string;
  readonly destination: string;
  /** further members of regsync's entry */
  readonly regsync?: Readonly<Record<string, unknown>>;
}

/** How the tools reach both registries. */
export interface Way {
  /** the certificate to trust; absent for plain HTTP */
  readonly caFile?: string;
  /** also what refers to the artifact, where the tool can */
  readonly withEvidence?: boolean;
  /** crane's `--jobs`, regsync's `parallel` */
  readonly jobs?: number;
}

/** A command with what its configuration needs. */
export interface Command {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The command by which a tool copies one artifact as a whole. `folder` becomes its home. */
export function copyCommand(
  tool: PeerTool,
  { source, destination }: CopyJob,
  at: Way & { readonly folder: string },
): Command {
  const words = {
    crane: ["copy", source, destination],
    regctl: ["image", "copy", ...regctlEvidence(at), source, destination],
    oras: ["cp", "-r", ...orasWay(at), source, destination],
    skopeo: [
      "--insecure-policy",
      "copy",
      "--all",
      ...skopeoWay(at),
      `docker://${source}`,
      `docker://${destination}`,
    ],
    regsync: ["once", "-c", regsyncFile([{ source, destination }], at)],
  }[tool.name];
  return commandOf(tool, words, { ...at, hosts: [source, destination] });
}

/** The command by which a tool brings all tags of a repository; `undefined` for tools that copy one artifact a call. */
export function copyAllTagsCommand(
  tool: PeerTool,
  { source, destination }: CopyJob,
  at: Way & { readonly folder: string },
): Command | undefined {
  const hosts = [source, destination];
  const jobs = at.jobs === undefined ? [] : ["-j", String(at.jobs)];
  if (tool.name === "crane") {
    const words = ["copy", "-a", ...jobs, source, destination];
    return commandOf(tool, words, { ...at, hosts });
  }
  if (tool.name === "regsync") {
    const words = ["once", "-c", regsyncFile([{ source, destination }], at)];
    return commandOf(tool, words, { ...at, hosts });
  }
  if (tool.name !== "skopeo") return undefined;
  const parent = destination.slice(0, destination.lastIndexOf("/"));
  const words = ["--insecure-policy", "sync", "--all", ...skopeoWay(at)];
  const sides = ["--src", "docker", "--dest", "docker", source, parent];
  return commandOf(tool, [...words, ...sides], { ...at, hosts });
}

/** The command by which regsync brings many artifacts in one process. */
export function regsyncCommand(
  tool: PeerTool,
  jobs: readonly CopyJob[],
  at: Way & { readonly folder: string },
): Command {
  const hosts = jobs.flatMap((one) => [one.source, one.destination]);
  const words = ["once", "-c", regsyncFile(jobs, at)];
  return commandOf(tool, words, { ...at, hosts });
}

function commandOf(
  tool: PeerTool,
  words: readonly string[],
  at: Way & { readonly folder: string; readonly hosts: readonly string[] },
): Command {
  const { folder, caFile } = at;
  mkdirSync(folder, { recursive: true });
  const hosts = new Set(at.hosts.map((one) => one.split("/")[0] ?? ""));
  const tls = caFile === undefined ? "disabled" : "enabled";
  const entries = [...hosts].map((host) => [host, { tls, hostname: host }]);
  const config = join(folder, "regctl.json");
  writeFileSync(config, JSON.stringify({ hosts: Object.fromEntries(entries) }));
  return {
    words: [...tool.command, ...words],
    env: {
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      DOCKER_CONFIG: folder,
      REGCTL_CONFIG: config,
      ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }),
    },
  };
}

const regctlEvidence = ({ withEvidence = false }: Way): readonly string[] =>
  withEvidence ? ["--referrers", "--digest-tags"] : [];

const orasWay = ({ caFile }: Way): readonly string[] =>
  caFile === undefined
    ? ["--from-plain-http", "--to-plain-http"]
    : ["--from-ca-file", caFile, "--to-ca-file", caFile];

const skopeoWay = ({ caFile }: Way): readonly string[] =>
  caFile === undefined
    ? ["--src-tls-verify=false", "--dest-tls-verify=false"]
    : [];

/** regsync's configuration; JSON is YAML. */
function regsyncFile(
  jobs: readonly CopyJob[],
  { folder, caFile, jobs: parallel = 8 }: Way & { readonly folder: string },
): string {
  mkdirSync(folder, { recursive: true });
  const hosts = new Set(
    jobs.flatMap(({ source, destination }) =>
      [source, destination].map((one) => one.split("/")[0] ?? ""),
    ),
  );
  const tls = caFile === undefined ? "disabled" : "enabled";
  const config = {
    version: 1,
    creds: [...hosts].map((registry) => ({ registry, tls })),
    defaults: { parallel },
    sync: jobs.map(({ source, destination, regsync = {} }) => ({
      source,
      target: destination,
      type: /:[^/]+$/.test(source) ? "image" : "repository",
      ...regsync,
    })),
  };
  const file = join(folder, "regsync.json");
  writeFileSync(file, JSON.stringify(config));
  return file;
}
