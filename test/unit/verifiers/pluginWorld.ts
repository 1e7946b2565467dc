import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import type {
  Reach,
  Source,
  Stores,
  Verdict,
} from "../../../provider/mirror/ports";
import { resolve } from "../../../provider/mirror/resolve";
import { judgesOf } from "../../../provider/mirror/toJudge";
import { verify } from "../../../provider/mirror/verify";
import { parseDigest } from "../../../provider/oci/digest";
import { type PolicyInput } from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { image } from "../../samples/artifacts";
import { attachLegacy } from "../../samples/attach";
import { signatureLayer } from "../../samples/legacyEvidence";
import { pluginArtifact, referrer, spdxType } from "../../samples/plugins";
import { keySigner } from "../../samples/signers";
import {
  put,
  sha256,
  type Sample,
  type SampleDescriptor,
  type Target,
} from "../../samples/target";
import { MemoryStore } from "../mirror/memoryStore";
import { contextOf, offline } from "./world";

/** Whose key the policies here name. */
export const signer = keySigner();
/** The key, as a policy names it. */
export const bySigner = {
  key: { publicKey: signer.publicKeyPem, tlog: "not-required" as const },
};
/** What is said about a plugin where nothing else is meant. */
export type PluginWords = Partial<NonNullable<PolicyInput["plugins"]>[number]>;

const shelf = "plugins.example/acme/check";

/** A signed image, a repository of plugins, and a private cache: nothing of it on a network. */
export class PluginWorld {
  readonly source = new MemoryStore("source", "source.example/acme/app");
  readonly plugins = new MemoryStore("source", shelf);
  readonly stores: Stores = {
    open: () => this.plugins,
    openForWriting: () => this.plugins,
    repositories: () => Promise.reject(new Error("nobody lists")),
  };
  readonly subject = image().descriptor;
  readonly caches = mkdtempSync(join(tmpdir(), "plugin-cache-"));
  readonly #before = process.env["XDG_CACHE_HOME"];

  constructor() {
    process.env["XDG_CACHE_HOME"] = this.caches;
  }

  close(): void {
    if (this.#before === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = this.#before;
    rmSync(this.caches, { recursive: true, force: true });
  }

  /** Where executables are kept. */
  get folder(): string {
    return join(this.caches, "artifact-mirror", "plugins");
  }

  /** The executables kept so far. */
  get kept(): readonly string[] {
    return readdirSync(this.folder).map((name) => join(this.folder, name));
  }

  /** Publishes a plugin, and answers its pinned reference. */
  async publish(
    plugin: Sample | Buffer,
    ...tags: readonly string[]
  ): Promise<string> {
    const sample = Buffer.isBuffer(plugin) ? pluginArtifact(plugin) : plugin;
    const { digest } = await put(inMemory(this.plugins), sample, ...tags);
    return `${shelf}@${digest}`;
  }

  /** Signs something in a place as cosign does. */
  async sign(
    subject: SampleDescriptor,
    by = signer,
    place = this.plugins,
  ): Promise<void> {
    const layers = [await signatureLayer(subject, by)];
    await attachLegacy(inMemory(place), subject, { suffix: "sig", layers });
  }

  /** Something that refers to the subject, or to something else. */
  async attach(
    content: string | Buffer,
    type = spdxType,
    subject = this.subject,
  ): Promise<SampleDescriptor> {
    return put(inMemory(this.source), referrer(subject, content, type));
  }

  /** What every requirement of a policy says about the subject. */
  async verdicts(
    policy: PolicyInput,
    {
      place = this.source,
      reach = offline,
      allowedPlugins = ["plugins.example/*"],
    }: {
      readonly place?: Source;
      readonly reach?: Reach;
      readonly allowedPlugins?: readonly string[];
    } = {},
  ): Promise<readonly Verdict[]> {
    await put(inMemory(this.source), image());
    const { stores } = this;
    const context = contextOf({ stores, allowedPlugins });
    const prepared = await preparePolicy(policy, context);
    const digest = parseDigest(this.subject.digest);
    const root = await resolve(place, digest, reach);
    const artifact = await walk(place, root, { platforms: [], reach });
    const judges = judgesOf(prepared);
    const places = [place] as const;
    const discovered = await discover(artifact, { places, ...judges, reach });
    const reference = `${place.repository}@${digest}`;
    return verify(
      { place, reference, artifact, discovered, policy: prepared },
      reach,
    );
  }

  /** What one plugin says about the subject, beside a signature that the policy asks for. */
  async verdict(
    artifact: string,
    words: PluginWords = {},
    more: Parameters<PluginWorld["verdicts"]>[1] = {},
  ): Promise<Verdict> {
    const plugin = { artifact, artifactTypes: [spdxType], ...words };
    const policy = { signedBy: [bySigner], plugins: [plugin] };
    const verdicts = await this.verdicts(policy, more);
    const own = verdicts.find(
      ({ requirement }) => requirement === "plugins[0]",
    );
    if (!own) throw new Error("the plugin was not judged");
    return own;
  }
}

/** A place in memory as something to put samples into. */
function inMemory(store: MemoryStore): Target {
  return {
    putBlob: async (bytes) => void store.blobs.set(sha256(bytes), bytes),
    putManifest: async ({ descriptor, bytes }, reference) => {
      const { mediaType } = descriptor;
      const digest = parseDigest(descriptor.digest);
      store.manifests.set(digest, { bytes, mediaType });
      if (!reference.includes(":")) store.named.set(reference, digest);
    },
    getManifest: async (reference) =>
      store.manifests.get(store.named.get(reference) ?? reference),
  };
}

/** Runs the work in a world of its own. */
export async function inPluginWorld(
  work: (world: PluginWorld) => Promise<void>,
): Promise<void> {
  const world = new PluginWorld();
  try {
    await work(world);
  } finally {
    world.close();
  }
}
