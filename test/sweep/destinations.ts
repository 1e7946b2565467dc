import type { RegistryOptions } from "../registry/options";
import { writes, type RecordedRequest } from "../registry/recorder";
import type { TestRegistry } from "../registry/registry";
import { inRegistry } from "../samples/target";
import { closureOf, flawsIn, heldBy, strangersAt } from "./invariants";
import type { Known, Plugin, Wish } from "./plugin";
import { startGuarded, type Vendor } from "./vendor";

/** What lies at the destination before the run. */
export const beginnings = ["nothing", "an old tag", "half a copy"] as const;
export type Beginning = (typeof beginnings)[number];

const name = "mirror/app";

/** One destination of a sweep, made as the beginning says. */
export class Destination {
  private constructor(
    private readonly vendor: Vendor,
    readonly registry: TestRegistry,
    /** what the tag meant at first */
    private readonly before: string | undefined,
  ) {}

  /** A registry with the referrers API when it is empty, else one that needs the fallback tag. */
  static async open(
    vendor: Vendor,
    beginning: Beginning,
    helper: Plugin,
  ): Promise<Destination> {
    const options: RegistryOptions =
      beginning === "nothing" ? {} : { referrersApi: false };
    const registry = await startGuarded("mirror", options);
    const before = beginning === "an old tag" ? vendor.old.digest : undefined;
    const made = new Destination(vendor, registry, before);
    if (beginning === "half a copy") await made.putHalf();
    if (before !== undefined) {
      await helper.configure(made.known);
      await helper.create(made.wish("old"));
    }
    registry.resetRequests();
    return made;
  }

  get known(): readonly Known[] {
    return [
      { host: this.vendor.registry.host, user: "vendor" },
      { host: this.registry.host, user: "mirror" },
    ];
  }

  wish(tag: "fresh" | "old" = "fresh"): Wish {
    const { policy } = this.vendor;
    const destination = `${this.registry.host}/${name}:1`;
    return { source: this.vendor.source(tag), destination, policy };
  }

  get tag(): string | undefined {
    return this.registry.tag(name, "1");
  }

  /** I1, I2 and I4: what is wrong after a run that may not have come to its end. */
  flaws(): readonly string[] {
    const { fresh, registry } = this.vendor;
    const { tag } = this;
    const isKnown = tag === this.before || tag === fresh.digest;
    return [
      ...(isKnown ? [] : [`the tag means ${tag}`]),
      ...(tag === fresh.digest ? this.missing().map(lacking) : []),
      ...flawsIn(heldBy(this.registry, name)),
      ...strangersAt(registry, "vendor"),
      ...strangersAt(this.registry, "mirror"),
    ];
  }

  /** Everything of the artifact and its evidence that is not here yet. */
  missing(): readonly Missing[] {
    const { registry, repository, fresh } = this.vendor;
    const source = heldBy(registry, repository);
    const here = heldBy(this.registry, name);
    const evidence = registry
      .manifests(repository)
      .filter((digest) => isAbout(source.read(digest), fresh.digest));
    const legacy = source.tags.get(`${fresh.digest.replace(":", "-")}.sig`);
    const roots = [fresh.digest, ...evidence, ...(legacy ? [legacy] : [])];
    const wanted = new Map(
      roots.flatMap((root) => [...closureOf(source, root)]),
    );
    return [...wanted]
      .filter(([digest]) => here.read(digest) === undefined)
      .map(([digest, size]) => ({ digest, size }));
  }

  /** G3: the bytes that another run may send at the most: those that are missing, and one blob more. */
  mostBytes(): number {
    const { registry, repository, fresh } = this.vendor;
    const all = closureOf(heldBy(registry, repository), fresh.digest);
    const missing = this.missing().reduce((sum, { size }) => sum + size, 0);
    return missing + Math.max(...all.values());
  }

  /** The bytes of blobs that were sent since the last time the requests were reset. */
  bytesSent(): number {
    return writes(this.registry.requests)
      .filter(({ kind }: RecordedRequest) => kind === "upload")
      .reduce((sum, { requestBytes }) => sum + requestBytes, 0);
  }

  private async putHalf(): Promise<void> {
    const { registry, repository, fresh } = this.vendor;
    const source = heldBy(registry, repository);
    const [, child] = closureOf(source, fresh.digest).keys();
    if (child === undefined) throw new Error("an index without children");
    const target = inRegistry(this.registry, name);
    for (const [digest] of closureOf(source, child)) {
      const manifest = registry.manifest(repository, digest);
      if (manifest) this.registry.putManifest(name, manifest);
      else await target.putBlob(source.read(digest) ?? new Uint8Array());
    }
  }
}

export interface Missing {
  readonly digest: string;
  readonly size: number;
}

const lacking = ({ digest }: Missing) => `the tag is fresh without ${digest}`;

function isAbout(bytes: Uint8Array | undefined, subject: string): boolean {
  return Buffer.from(bytes ?? []).includes(`"subject":{"mediaType":`)
    ? Buffer.from(bytes ?? []).includes(subject)
    : false;
}
