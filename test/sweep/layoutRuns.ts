import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scene } from "./copying";
import type { Beginning } from "./destinations";
import type { Order } from "./diskTrap";
import { flawsIn } from "./invariants";
import { flawsInIndex, heldIn, remainsIn } from "./layouts";
import type { Plugin } from "./plugin";

/** A layout that a run brings an artifact to, in a folder of its own. */
export class Layout {
  readonly folder = mkdtempSync(join(tmpdir(), "swept-layout-"));
  readonly directory = join(this.folder, "layout");
  #before: string | undefined;

  constructor(
    private readonly scene: Scene,
    private readonly beginning: Beginning,
  ) {}

  /** Makes it what it is at the beginning, and keeps that. */
  async prepare(helper: Plugin): Promise<void> {
    if (this.beginning === "nothing") return;
    await this.bring(helper, "old");
    this.#before = this.scene.vendor.old.digest;
    cpSync(this.directory, join(this.folder, "kept"), { recursive: true });
  }

  /** Makes it so once more. */
  reset(): void {
    rmSync(this.directory, { recursive: true, force: true });
    const kept = join(this.folder, "kept");
    if (existsSync(kept)) cpSync(kept, this.directory, { recursive: true });
  }

  /** Answers what the run died of, `undefined` where it came to its end. */
  async bring(
    plugin: Plugin,
    tag: "fresh" | "old" = "fresh",
  ): Promise<Error | undefined> {
    const { vendor } = this.scene;
    await plugin.configure([{ host: vendor.registry.host, user: "vendor" }]);
    const destination = `oci:${this.directory}:1`;
    const { policy } = vendor;
    const wish = { source: vendor.source(tag), destination, policy };
    return plugin.create(wish).then(
      () => undefined,
      (error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
    );
  }

  /** I1 to I3: what is wrong after a run that may not have come to its end. */
  flaws(): readonly string[] {
    const held = heldIn(this.directory);
    const tag = held.tags.get("1");
    const { fresh } = this.scene.vendor;
    const isKnown = tag === this.#before || tag === fresh.digest;
    return [
      ...(isKnown ? [] : [`the tag means ${tag}`]),
      ...flawsIn(held),
      ...flawsInIndex(this.directory),
    ];
  }

  /** What is wrong with a whole copy, and with what runs before it have left. */
  flawsAtEnd(): readonly string[] {
    const tag = heldIn(this.directory).tags.get("1");
    const { fresh } = this.scene.vendor;
    return [
      ...this.flaws(),
      ...(tag === fresh.digest ? [] : ["no tag"]),
      // a lock whose owner is dead stays until somebody has something to write
      ...remainsIn(this.directory)
        .filter((name) => name.endsWith(".part"))
        .map((name) => `${name} is left`),
    ];
  }

  /** What the plugin is to suffer, in a file that it reads at every step. */
  order(file: string, told: Omit<Order, "directory">): void {
    const { directory } = this;
    writeFileSync(file, JSON.stringify({ ...told, directory }));
  }

  /** The steps of a whole run on the disk, `create …/index.json` and the like. */
  async steps(file: string, plugin: Plugin): Promise<readonly string[]> {
    const journal = join(this.folder, "journal");
    this.order(file, { at: Number.MAX_SAFE_INTEGER, how: "kill", journal });
    const failure = await this.bring(plugin);
    if (failure) throw failure;
    const steps = readFileSync(journal, "utf8").trimEnd().split("\n");
    this.reset();
    return steps;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
