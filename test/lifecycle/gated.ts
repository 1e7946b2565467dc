import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import type { Declared, Scene } from "./scene";

/** The scene's program behind a gate. */
const gated = `"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");
const mirror = require("pulumi-artifact-mirror");
const { resources, provider, gate = {} } = JSON.parse(readFileSync(join(__dirname, "declared.json"), "utf8"));
class Foreign extends pulumi.CustomResource {
  constructor() {
    super("foreign:index:Thing", "thing", { result: undefined });
  }
}
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return pulumi.secret(revive(value.$secret));
  if ("$unknown" in value) return new Foreign().result.apply(() => value.$unknown);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}
module.exports = async () => {
  const explicit = provider && new mirror.Provider("corp", revive(provider));
  const wanted = Object.fromEntries(Object.entries(resources).map(([name, { args }]) => [name, revive(args)]));
  await mirror.gate(wanted, { ...gate, provider: explicit });
  for (const [name, args] of Object.entries(wanted))
    new mirror[resources[name].type ?? "MirroredArtifact"](name, args, { provider: explicit });
};
`;

/** Puts the scene's program behind a gate. */
export function behindGate({ folder }: Pick<Scene, "folder">): void {
  writeFileSync(join(folder, "index.js"), gated);
}

/** An artifact that nobody signed. */
export async function unsigned(scene: Scene, name: string): Promise<Declared> {
  const target = inRegistry(scene.source, `acme/${name}`);
  await put(target, image({ seed: name, layers: [500] }), "1");
  const source = `${scene.source.host}/acme/${name}:1`;
  const destination = `${scene.destination.host}/mirror/${name}:1`;
  return { args: { source, destination, policy: scene.policy } };
}

/** So many artifacts that nobody signed. */
export async function declareBad(
  scene: Scene,
  count: number,
): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `bad-${at}`);
  const all = names.map(async (name) => [name, await unsigned(scene, name)]);
  scene.declare(Object.fromEntries(await Promise.all(all)));
  return names;
}
