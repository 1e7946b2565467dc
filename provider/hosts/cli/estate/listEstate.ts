import { relative, resolve } from "node:path";
import { getEstate } from "../../../functions/getEstate";
import { outputs } from "../../../functions/getEstateShape";
import type { Values } from "../../../mirror/lifecycle";
import type { Asked } from "../asked";
import { exit, misunderstood, type ExitCode } from "../exit";
import { counted } from "../counted";
import { paintFor } from "../paint";
import { table } from "../table";
import type { Terminal } from "../terminal";
import type { Opened } from "../withWorld";

/** Prints what the estate file of a command line declares; or each thing that is wrong with it, in a line of its own. */
export async function listEstate(
  asked: Asked,
  { terminal, world, call }: Opened,
): Promise<ExitCode> {
  const path = resolve(terminal.folder, asked.word(0));
  const shard = shardOf(asked.text("shard"));
  const answer = await getEstate.ask(world, call, {
    file: shortPath(path),
    ...(shard && { shard }),
  });
  if ("failures" in answer) {
    for (const { reason } of answer.failures)
      terminal.complain(`error: ${reason.trimEnd()}`);
    return exit.misunderstood;
  }
  terminal.print(
    asked.has("json")
      ? JSON.stringify(answer.values, undefined, 2)
      : estateText(answer.values, terminal),
  );
  return exit.done;
}

/** As short as errors can name it. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

function shardOf(text: string | undefined): Values | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = /^([0-9]{1,4})\/([0-9]{1,4})$/.exec(text) ?? [];
  if (index === undefined || count === undefined)
    throw misunderstood({
      what: "could not understand the command line of estate",
      why: `--shard is ${JSON.stringify(text)}`,
      remedy: "write which one, from 0, and of how many: --shard 0/4",
    });
  return { index: Number(index), count: Number(count) };
}

function estateText(answer: Values, terminal: Terminal): string {
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
    `${counted(artifacts.length, "artifact")}, ${counted(repositories.length, "repository")}${here === total ? "" : dim(` of ${total} resources in all shards`)}`,
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
