import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMeasured } from "../bench/pluginUnderMeasure";
import { executable } from "../bench/runs";
import type { Fault } from "../faults/catalog";
import { startProxy, type FaultProxy } from "../faults/proxy";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { index } from "../samples/artifacts";
import { gzipImage } from "./gzipImage";
import { inRegistry, put, sha256, type Sample } from "../samples/target";
import { copyCommand, type CopyJob } from "./copying";
import { runMeasured } from "./measured";
import type { PeerTool } from "./tools";

/**
 * How a copy ended: it arrived whole; it failed and the tag is not there; it failed, or was still going on after the limit, and the
 * tag names something that is not whole; it was called done and is not; the fault was never met.
 */
export type Ending = "copied" | "fails" | "waits" | "broken tag" | "lies" | "–";

/** Copies one artifact; `true` where it says that it succeeded, `undefined` where it did not end. */
export type Copier = (
  job: CopyJob,
  folder: string,
) => Promise<boolean | undefined>;

const limitMs = 30_000;
const sample = index(
  ["amd64", "arm64"].map((architecture) =>
    gzipImage(`under-faults-${architecture}`, { sizes: [3000], architecture }),
  ),
);
const names = { source: "acme/app", destination: "mirror/app" };

/** A tool of the field as it is. */
export function copierOf(tool: PeerTool): Copier {
  return async (job, folder) => {
    const command = copyCommand(tool, job, { folder });
    const { exitCode } = await runMeasured(command, limitMs);
    return exitCode === undefined ? undefined : exitCode === 0;
  };
}

/** The real plugin, with a policy that verifies as much as the others do: nothing. */
export const ourCopier: Copier = async ({ source, destination }) => {
  const hosts = [source, destination].map((one) => one.split("/")[0] ?? "");
  const plugin = await startMeasured(executable, {
    registries: hosts.map((host) => ({ host, plainHttp: true })),
  });
  const policy = { unverified: "the other tools do not verify either" };
  const inputs = { source, destination, policy, evidence: { watch: "none" } };
  const ended = plugin.create({ name: "app", inputs }).then(
    () => true,
    () => false,
  );
  const watchdog = AbortSignal.timeout(limitMs);
  const tooSlow = new Promise<undefined>((resolve) =>
    watchdog.addEventListener("abort", () => resolve(undefined)),
  );
  const isDone = await Promise.race([ended, tooSlow]);
  await plugin.end();
  return isDone;
};

/** Plays one fault to one copier, between two fresh registries of ours. */
export async function endingUnder(
  fault: Fault,
  copier: Copier,
): Promise<Ending> {
  const [from, to] = [await startRegistry(), await startRegistry()];
  const source = await startProxy({ upstream: from.origin });
  const destination = await startProxy({ upstream: to.origin });
  const folder = mkdtempSync(join(tmpdir(), "peer-"));
  try {
    await put(inRegistry(from, names.source), sample, "1");
    const proxy = fault.side === "source" ? source : destination;
    const ordered = fault.rules.map((rule) => proxy.misbehave(rule));
    const said = await copier(jobBetween(source, destination), folder);
    const isMet = ordered.some(({ hits }) => hits > 0);
    return isMet ? endingOf(said, to) : "–";
  } finally {
    rmSync(folder, { recursive: true, force: true });
    const all = [source, destination, from, to];
    await Promise.all(all.map((one) => one.close()));
  }
}

function jobBetween(source: FaultProxy, destination: FaultProxy): CopyJob {
  return {
    source: `${source.host}/${names.source}:1`,
    destination: `${destination.host}/${names.destination}:1`,
  };
}

function endingOf(said: boolean | undefined, to: TestRegistry): Ending {
  const digest = to.tag(names.destination, "1");
  const isWhole = digest === sample.descriptor.digest && has(to, sample);
  if (said === true) return isWhole ? "copied" : "lies";
  if (digest !== undefined && !isWhole) return "broken tag";
  return said === undefined ? "waits" : "fails";
}

/** Whether everything below a manifest is there, byte for byte. */
function has(registry: TestRegistry, wanted: Sample): boolean {
  const { digest } = wanted.descriptor;
  const manifest = registry.manifest(names.destination, digest);
  const blobs = wanted.blobs.map((one) =>
    registry.blob(names.destination, sha256(one)),
  );
  return (
    manifest !== undefined &&
    sha256(manifest.bytes) === digest &&
    blobs.every((one, at) => one && wanted.blobs[at]?.equals(one)) &&
    wanted.children.every((child) => has(registry, child))
  );
}
