import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isSecret, secret, type Json, type Properties } from "../engine/values";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";

const described = z.object({
  source: z.record(z.string(), z.string()).default({}),
  dest: z.record(z.string(), z.string()).default({}),
  verdict: z.record(z.string(), z.string()).default({}),
});

/** What the recording's prototype was made to believe: digests by reference, and which of them nobody signed. */
export type World = z.infer<typeof described>;

export function recordedWorld(scenario: string): World {
  const path = join("test", "engine", "vectors", `${scenario}.world.json`);
  return described.parse(JSON.parse(readFileSync(path, "utf8")));
}

const placeholder = /sha256:(\d)\1{63}/g;
/** Words of the recorded policies that stand for somebody who did not sign. */
const strangers = ["https://github.com/acme/app2", "PEM1", "PEM2"];

/** The recording's registries as real ones: its references, digests and policies in our words. */
export class RealWorld {
  readonly signer = keySigner();
  private readonly signed = new Set<string>();
  private readonly others = new Map<string, KeySigner>();
  private readonly digests = new Map<string, string>();

  private constructor(
    readonly source: TestRegistry,
    readonly destination: TestRegistry,
  ) {}

  static async open(): Promise<RealWorld> {
    return new RealWorld(await startRegistry(), await startRegistry());
  }

  async close(): Promise<void> {
    await Promise.all([this.source.close(), this.destination.close()]);
  }

  /** Puts what the source offers: every digest is an image, signed unless the verdict says otherwise. */
  async offer({ source, verdict }: Pick<World, "source" | "verdict">) {
    for (const [reference, digest] of Object.entries(source)) {
      const { repository, tag } = placeOf(this.text(reference));
      const target = inRegistry(this.source, repository);
      const descriptor = await put(target, image({ seed: digest }), tag);
      this.digests.set(digest, descriptor.digest);
      const subject = `${repository}@${descriptor.digest}`;
      if (verdict[digest] !== undefined || this.signed.has(subject)) continue;
      // a second signature would be other evidence
      this.signed.add(subject);
      const layers = [await signatureLayer(descriptor, this.signer)];
      await attachLegacy(target, descriptor, { suffix: "sig", layers });
    }
  }

  /** Makes the destination's tags say what the scenario begins with, whatever was mirrored before. */
  async arrange(dest: World["dest"]): Promise<void> {
    for (const repository of this.destination.repositories()) {
      for (const tag of this.destination.tags(repository)) {
        if (!tag.startsWith("sha256-"))
          this.destination.deleteTag(repository, tag);
      }
    }
    for (const [reference, digest] of Object.entries(dest)) {
      const { repository, tag } = placeOf(this.text(reference));
      const target = inRegistry(this.destination, repository);
      const { digest: real } = await put(target, image({ seed: digest }), tag);
      this.digests.set(digest, real);
    }
  }

  /** What was written to the destination from the given request on. */
  written(from: number): string[] {
    return this.destination.requests
      .slice(from)
      .filter(({ method }) => !["GET", "HEAD"].includes(method))
      .map(({ method, path }) => `${method} ${path}`);
  }

  digest(recorded: string): string {
    return this.text(recorded);
  }

  /** References, ids and digests of the recording in ours. */
  text(recorded: string): string {
    return recorded
      .split("=>")
      .map((part) =>
        part
          .replace(/^docker\.io\//, `${this.source.host}/`)
          .replace(/^src\//, `${this.source.host}/src/`)
          .replace(/^reg(\.acme\.test)?\//, `${this.destination.host}/mirror/`),
      )
      .join(",")
      .replaceAll(placeholder, (digest) => this.digests.get(digest) ?? digest);
  }

  /** Recorded inputs in our words: its keyless signers become keys, and its `token`, which is no input of ours, is left out. */
  inputs(recorded: Properties): Properties {
    const { token: _, policy, ...rest } = recorded;
    const texts = Object.entries(rest).map(
      ([name, value]) => [name, this.value(value)] as const,
    );
    const declared: Properties = Object.fromEntries(texts);
    if (policy === undefined) return declared;
    return { ...declared, policy: this.policy(policy) };
  }

  private value(value: Json): Json {
    return typeof value === "string" ? this.text(value) : value;
  }

  private policy(recorded: Json): Json {
    const { data } = policyShape.safeParse(recorded);
    // an unknown one
    if (data === undefined) return recorded;
    return { signedBy: data.signedBy.map((entry) => this.authority(entry)) };
  }

  private authority(entry: z.infer<typeof authorityShape>): Json {
    const { key, keyless } = entry;
    const word = String(key?.publicKey ?? keyless?.identity);
    const pem = this.signerOf(word).publicKeyPem;
    const publicKey = isSecret(keyless?.issuer) ? secret(pem) : pem;
    return { key: { publicKey, tlog: "not-required" } };
  }

  private signerOf(word: string): KeySigner {
    if (!strangers.includes(word)) return this.signer;
    const other = this.others.get(word) ?? keySigner();
    this.others.set(word, other);
    return other;
  }
}

const json = z.json();
const authorityShape = z.object({
  key: z.object({ publicKey: json }).optional(),
  keyless: z
    .object({ identity: json.optional(), issuer: json.optional() })
    .optional(),
});
const policyShape = z.object({ signedBy: z.array(authorityShape) });

function placeOf(reference: string): { repository: string; tag: string } {
  const [, repository = "", tag = ""] =
    /^[^/]+\/(.*):([^:/]+)$/.exec(reference) ?? [];
  return { repository, tag };
}
