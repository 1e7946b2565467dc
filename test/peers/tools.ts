import { spawnSync } from "node:child_process";
import { findGo, install, type GoTool } from "../interop/tools";
import { debianCommand, hasDebian, unpack } from "./debian";

/** The tools of the field that copy artifacts. */
export type PeerName = "crane" | "regctl" | "regsync" | "oras" | "skopeo";

/** One of them, ready to run. */
export interface PeerTool {
  readonly name: PeerName;
  /** as the tool itself says it, `0.11.7` */
  readonly version: string;
  /** the words that start it */
  readonly command: readonly string[];
}

const craneVersion = "v0.22.1";
const regclientVersion = "v0.11.7";

const byGo: readonly GoTool[] = [
  {
    binary: "crane",
    module: "github.com/google/go-containerregistry/cmd/crane",
    version: craneVersion,
  },
  ...["regctl", "regsync"].map((binary) => ({
    binary,
    module: `github.com/regclient/regclient/cmd/${binary}`,
    version: regclientVersion,
  })),
];

/** Brings every tool that this machine can have: by Go module, or from Debian's archive. What cannot be had is named on stderr. */
export function installPeers(): readonly PeerTool[] {
  return [...goPeers(), ...debianPeers()];
}

/** One of the tools that are written in Go. Throws where it cannot be had. */
export function installGoPeer(name: "crane" | "regctl" | "regsync"): PeerTool {
  const tool = byGo.find(({ binary }) => binary === name);
  if (tool === undefined) throw new Error(`${name} is not in the table`);
  return { name, version: tool.version.slice(1), command: [install(tool)] };
}

function goPeers(): readonly PeerTool[] {
  if (findGo() === undefined) return without("crane, regctl, regsync", "Go");
  return byGo.map(({ binary }) => installGoPeer(nameOf(binary)));
}

function debianPeers(): readonly PeerTool[] {
  if (!hasDebian()) return without("oras, skopeo", "Debian's apt on amd64");
  try {
    unpack(["oras", "skopeo"]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return without("oras, skopeo", `Debian's archive (${why.slice(0, 200)})`);
  }
  return [
    debianPeer("oras", ["version"], /Version:\s+(\S+)/),
    debianPeer("skopeo", ["--version"], /version (\S+)/),
  ];
}

function debianPeer(
  name: PeerName,
  words: readonly string[],
  pattern: RegExp,
): PeerTool {
  const command = debianCommand(name);
  const [program = "", ...rest] = command;
  const { stdout } = spawnSync(program, [...rest, ...words], {
    encoding: "utf8",
  });
  return { name, command, version: pattern.exec(stdout)?.[1] ?? "unknown" };
}

function nameOf(binary: string): "crane" | "regctl" | "regsync" {
  return binary === "crane" || binary === "regctl" ? binary : "regsync";
}

function without(tools: string, needs: string): readonly [] {
  process.stderr.write(`peers: without ${tools}: they need ${needs}\n`);
  return [];
}
