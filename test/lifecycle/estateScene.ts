import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./scene";

/** A program that registers an estate, as the options beside it say. */
const program = `"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");
const mirror = require("pulumi-artifact-mirror");
const { given, ...options } = JSON.parse(readFileSync(join(__dirname, "options.json"), "utf8"));
module.exports = async () => {
  const provider = given && new mirror.Provider("mine", given);
  const all = await mirror.estate("estate.yaml", provider ? { ...options, provider } : options);
  const outputs = (resources, of) => Object.fromEntries(Object.entries(resources).map(([name, one]) => [name, one[of]]));
  return { refs: outputs(all.artifacts, "ref"), digests: outputs(all.repositories, "digests") };
};
`;

/** Writes the file that the scene's program registers; `given` is the configuration of a provider of the program's own. */
export function declareEstate(
  scene: Scene,
  lines: readonly string[],
  options: object = {},
): void {
  writeFileSync(join(scene.folder, "index.js"), program);
  writeFileSync(join(scene.folder, "options.json"), JSON.stringify(options));
  const head = [
    "version: 1",
    `registries: { vendor: "${scene.source.host}", corp: "${scene.destination.host}/mirror", other: "${scene.destination.host}/other" }`,
    `policies: { vendors: ${JSON.stringify(scene.policy)} }`,
    "defaults: { policy: vendors, destinationPrefix: corp }",
  ];
  const text = [...head, ...lines, ""].join("\n");
  writeFileSync(join(scene.folder, "estate.yaml"), text);
}
