import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Values } from "../../provider/mirror/lifecycle";
import { startRegistry } from "../registry/registry";
import { emptyConfig, image, manifest } from "../samples/artifacts";
import { attachLegacy, attachReferrer } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { pluginArtifact } from "../samples/plugins";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { mirror } from "./product";
import { install } from "./tools";

/** The plugins of Ratify's own module that we run. */
export const ratifyPlugins = [
  "sbom",
  "vulnerabilityreport",
  "schemavalidator",
  "licensechecker",
] as const;

/** One of them. */
export type RatifyPlugin = (typeof ratifyPlugins)[number];

/** Compiles a plugin unless it is there, and answers its path. */
export function ratifyPlugin(binary: RatifyPlugin): string {
  const module = `github.com/ratify-project/ratify/plugins/verifier/${binary}`;
  return install({ binary, module, version: "v1.4.6" });
}

/** What a plugin is to judge, and how it is configured. */
export interface RatifyCase {
  readonly plugin: RatifyPlugin;
  readonly artifactType: string;
  readonly document: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config?: Values;
  /** further words about the plugin */
  readonly words?: Values;
}

const user = { username: "mirror", password: "secret" };

/** A registry that asks for a password, in which the plugins lie as \`oras push\` puts them. */
export interface RatifyHouse {
  /** Mirrors a signed image that the document refers to. Answers the notes of the plugin's verdict; throws what the user would be told. */
  judge(wanted: RatifyCase): Promise<Values>;
  close(): Promise<void>;
}

/** Opens it; executables are kept in a folder of its own. */
export async function openRatify(): Promise<RatifyHouse> {
  const cache = mkdtempSync(join(tmpdir(), "ratify-"));
  const before = process.env["XDG_CACHE_HOME"];
  process.env["XDG_CACHE_HOME"] = cache;
  const registry = await startRegistry({
    auth: "token",
    users: { [user.username]: { password: user.password, allows: ["*:*:*"] } },
  });
  const signer = keySigner();
  let cases = 0;
  return {
    async judge(wanted) {
      const name = `case-${++cases}`;
      const vendor = inRegistry(registry, name);
      const subject = await put(vendor, image({ seed: name }), "1");
      const layers = [await signatureLayer(subject, signer)];
      await attachLegacy(vendor, subject, { suffix: "sig", layers });
      const { artifactType, document, annotations = {} } = wanted;
      await attachReferrer(
        vendor,
        manifest({
          artifactType,
          config: emptyConfig,
          layers: [{ mediaType: artifactType, bytes: Buffer.from(document) }],
          subject,
          annotations,
        }),
      );
      const program = readFileSync(ratifyPlugin(wanted.plugin));
      const plugins = `plugins/${wanted.plugin}`;
      const { digest } = await put(
        inRegistry(registry, plugins),
        pluginArtifact(program),
      );
      const artifact = `${registry.host}/${plugins}@${digest}`;
      const plugin = {
        artifact,
        artifactTypes: [artifactType],
        ...wanted.words,
      };
      const { publicKeyPem: publicKey } = signer;
      return mirror({
        hosts: [registry.host],
        config: {
          allowedPlugins: [`${registry.host}/plugins/*`],
          credentials: [{ registry: registry.host, ...user }],
        },
        inputs: {
          source: `${registry.host}/${name}:1`,
          destination: `${registry.host}/mirror/${name}:1`,
          policy: {
            signedBy: [{ key: { publicKey, tlog: "not-required" } }],
            plugins: [
              { ...plugin, ...(wanted.config && { config: wanted.config }) },
            ],
          },
        },
      });
    },
    async close() {
      await registry.close();
      if (before === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = before;
      rmSync(cache, { recursive: true, force: true });
    },
  };
}
