import { outputs } from "../../../functions/getEstateShape";
import type { Values } from "../../../mirror/lifecycle";
import type { Terminal } from "../terminal";
import { plural } from "../../../resources/mirroring/words";
import { paintFor } from "./paint";
import { table } from "./table";

/** The answer of `getEstate` for a person: a resource a line. */
export function estateText(answer: Values, terminal: Terminal): string {
  const { artifacts, repositories, total } = outputs.parse(answer);
  const { dim, bold } = paintFor(terminal);
  const rows = [
    ...artifacts.map(({ name, source, digest, destination, policy }) => [
      name,
      "artifact",
      digest === undefined
        ? source
        : `${source.split("@")[0]}@${digest.slice(0, 19)}…`,
      destination,
      policyText(policy),
    ]),
    ...repositories.map(({ name, source, destination, tags, policy }) => [
      name,
      `repository (${tags.mode})`,
      source,
      destination,
      policyText(policy),
    ]),
  ];
  const head = ["NAME", "KIND", "SOURCE", "DESTINATION", "POLICY"];
  const here = artifacts.length + repositories.length;
  return [
    here === 0
      ? ""
      : table([head.map((text) => ({ text, paint: bold })), ...rows]),
    `${plural(artifacts.length, "artifact")}, ${plural(repositories.length, "repository")}${here === total ? "" : dim(` of ${total} resources in all shards`)}`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** A policy in a word or two. */
function policyText(
  policy: object & {
    readonly use?: string | undefined;
    readonly unverified?: string | undefined;
  },
): string {
  if (policy.use !== undefined) return policy.use;
  if (policy.unverified !== undefined)
    return `unverified: ${policy.unverified}`;
  return Object.keys(policy).join(", ");
}
