import type { Digest } from "../../oci/digest";
import type { Reference } from "../../oci/reference";
import type { World } from "../world";

/** What this process saw; it saves requests and repeated warnings, and no answer depends on it. */
export const memory = {
  /** what a source named when it was last asked */
  sawSource(world: World, source: string, digest: Digest): void {
    world.memory.set(`source ${source}`, digest);
  },
  sourceDigest(world: World, source: string): string | undefined {
    return text(world.memory.get(`source ${source}`));
  },
  /** a host that did not answer: Check, which is serial, asks it no more */
  sawDown(world: World, host: string, why: string): void {
    world.memory.set(`down ${host}`, why);
  },
  whyDown(world: World, host: string): string | undefined {
    return text(world.memory.get(`down ${host}`));
  },
  /** true the first time only */
  firstWarning(world: World, host: string): boolean {
    const key = `warned ${host}`;
    if (world.memory.has(key)) return false;
    world.memory.set(key, true);
    return true;
  },
  wrote(world: World, repository: string, digest: string): void {
    world.memory.set(`wrote ${repository}@${digest}`, true);
  },
  hasWritten(world: World, repository: string, digest: string): boolean {
    return world.memory.has(`wrote ${repository}@${digest}`);
  },
};

const text = (value: unknown) =>
  typeof value === "string" ? value : undefined;

/** The registry's host; a layout is its own host. */
export function hostOf(reference: Reference): string {
  return reference.kind === "registry" ? reference.registry : reference.path;
}
