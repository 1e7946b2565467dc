/** A Pulumi program that declares what `declared.json` beside it says. */
export const program = `"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");
const { resources, functions = {}, provider, dynamic } = JSON.parse(readFileSync(join(__dirname, "declared.json"), "utf8"));
const mirror = dynamic ? require("pulumi-artifact-mirror/dynamic") : require("pulumi-artifact-mirror");

class Foreign extends pulumi.CustomResource {
  constructor(name) {
    super("foreign:index:Thing", name, { result: undefined });
  }
}
let things = 0;

/** Plain JSON, but for the values that JSON cannot say. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return pulumi.secret(revive(value.$secret));
  if ("$unknown" in value) return new Foreign("thing" + things++).result.apply(() => value.$unknown);
  if ("$of" in value) return made[value.$of][value.output];
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}

const made = {};
const asked = {};
const explicit = provider && new mirror.Provider("corp", revive(provider));
for (const [name, { type = "MirroredArtifact", args, options = {}, get }] of Object.entries(resources)) {
  const opts = { ...options, ...(options.provider ? { provider: explicit } : {}) };
  made[name] = get ? mirror[type].get(name, get, {}, opts) : new mirror[type](name, revive(args), opts);
}
for (const [name, { function: word = "verifyArtifact", args, direct, provider: own }] of Object.entries(functions)) {
  const opts = own ? { provider: explicit } : {};
  const answer = direct ? mirror[word](revive(args), opts) : mirror[word + "Output"](revive(args), opts);
  asked[name + "Answer"] = pulumi.output(answer);
}
const shown = {
  MirroredArtifact: (name, one) => [[name + "Ref", one.ref], [name + "Digest", one.digest], [name + "Verification", one.verification]],
  MirroredRepository: (name, one) => [[name + "Digests", one.digests], [name + "Selection", one.selection]],
};
module.exports = { ...asked, ...Object.fromEntries(
  Object.entries(made).flatMap(([name, one]) => shown[resources[name].type ?? "MirroredArtifact"](name, one)),
) };
`;
