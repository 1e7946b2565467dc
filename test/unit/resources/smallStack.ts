import { MirrorError } from "../../../provider/mirror/errors";
import {
  PartialError,
  type Call,
  type Change,
  type Desired,
  type Failure,
  type Values,
} from "../../../provider/mirror/lifecycle";
import type { Reach } from "../../../provider/mirror/ports";
import type { Reference } from "../../../provider/oci/reference";
import { Memory } from "../../../provider/resources/memory";
import { mirroredRepository } from "../../../provider/resources/mirroredRepository";
import type { World } from "../../../provider/resources/world";
import { MemoryStore, reach } from "../mirror/memoryStore";

/** A place that writes down that it was listed, too, and can fall silent. */
class ListedStore extends MemoryStore {
  silent: Error | undefined;

  override tags(): Promise<readonly string[]> {
    this.log.push("list");
    return this.silent ? Promise.reject(this.silent) : super.tags();
  }

  override resolve(name: string) {
    return this.silent ? Promise.reject(this.silent) : super.resolve(name);
  }

  /** Puts an image that differs with its text under the tag, and answers its digest. */
  tagged(tag: string, text = tag): string {
    return this.image(text, { tag }).digest;
  }
}

/** What one run came to. */
export interface Run {
  readonly changes: readonly Change[];
  readonly failures: readonly Failure[];
  readonly told: readonly string[];
  readonly error?: unknown;
}

export const args = {
  source: "source.example/app",
  destination: "destination.example/app",
  policy: { unverified: "a test" },
  tags: { mode: "all" },
};

/** One repository, and an engine's order of calls around it: Read, Check, Diff, Create or Update. Each run has a memory of its own. */
export class SmallStack {
  readonly source = new ListedStore("source");
  readonly destination = new ListedStore("destination");
  state: Values | undefined;
  inputs: Values | undefined;
  now = new Date("2026-11-21T00:00:00Z");
  memory = new Memory();

  get world(): World {
    const at = ({ kind, ...place }: Reference) => {
      const isSource = kind === "registry" && "registry" in place;
      const host = isSource ? place.registry : "";
      return host.startsWith("source") ? this.source : this.destination;
    };
    return {
      stores: {
        open: at,
        openForWriting: at,
        repositories: () => Promise.reject(new Error("nobody lists")),
      },
      policies: {},
      allowUnverified: true,
      trustRefresh: "never",
      allowedPlugins: [],
      memory: this.memory,
    };
  }

  get lifecycle() {
    return mirroredRepository.lifecycle(this.world);
  }

  call(told: string[] = []): Call {
    const mine: Reach = { ...reach, now: () => this.now };
    return { reach: mine, tell: ({ text }) => void told.push(text) };
  }

  /** Digests as state has them. */
  get digests(): unknown {
    return this.state?.digests;
  }

  /** What was asked of a side since the last time this was called. */
  asked(side: "source" | "destination"): string[] {
    return this[side].log.splice(0);
  }

  preview(more: Values = {}, ignoreChanges: readonly string[] = []) {
    return this.run({ ...args, ...more }, ignoreChanges, false);
  }

  up(more: Values = {}, ignoreChanges: readonly string[] = []) {
    return this.run({ ...args, ...more }, ignoreChanges, true);
  }

  /** Read alone. */
  async refresh(): Promise<readonly string[]> {
    this.memory = new Memory();
    const told: string[] = [];
    await this.read(told);
    return told;
  }

  private async read(told: string[]): Promise<void> {
    const { state, inputs } = this;
    if (!state || !inputs) return;
    const seen = await this.lifecycle.observe(this.call(told), {
      id: "destination.example/app",
      inputs,
      state,
    });
    this.state = seen?.state;
    this.inputs = seen?.inputs;
  }

  private async run(
    news: Values,
    ignoreChanges: readonly string[],
    isUp: boolean,
  ): Promise<Run> {
    this.memory = new Memory();
    const told: string[] = [];
    const before = { state: this.state, inputs: this.inputs };
    await this.read(told);
    const { desired, failures } = await this.check(news, ignoreChanges, told);
    const changes = this.diff(desired);
    const isNeeded = this.state === undefined || changes.length > 0;
    const error =
      failures.length === 0 && isNeeded
        ? await this.work(desired, isUp, told)
        : undefined;
    if (!isUp) Object.assign(this, before);
    return { changes, failures, told, ...(error !== undefined && { error }) };
  }

  private async check(
    news: Values,
    ignoreChanges: readonly string[],
    told: string[],
  ): Promise<{ desired: Desired; failures: readonly Failure[] }> {
    const { state, inputs: olds } = this;
    const given: Values = ignoreChanges.includes("digests")
      ? { ...news, digests: olds?.digests }
      : news;
    const { inputs, failures } = await this.lifecycle.check(this.call(told), {
      ...(olds && { olds }),
      news: given,
    });
    const desired = {
      inputs: { ...given, ...inputs },
      ignoreChanges,
      ...(state && { state }),
      ...(olds && { oldInputs: olds }),
    };
    return { desired, failures };
  }

  private diff(desired: Desired): readonly Change[] {
    const { state } = this;
    if (!state) return [];
    const isHeeded = ({ path }: Change) =>
      !desired.ignoreChanges.includes(path.split("[")[0] ?? "");
    return this.lifecycle.pending({ ...desired, state }).filter(isHeeded);
  }

  private async work(
    desired: Desired,
    isUp: boolean,
    told: string[],
  ): Promise<unknown> {
    const call = this.call(told);
    try {
      if (!isUp) await this.lifecycle.plan(call, desired);
      else {
        this.state = (await this.lifecycle.apply(call, desired)).state;
        this.inputs = desired.inputs;
      }
      return undefined;
    } catch (error) {
      if (error instanceof PartialError) {
        this.state = error.done.state;
        this.inputs = error.done.inputs;
      } else if (!(error instanceof MirrorError)) throw error;
      return error;
    }
  }
}
