import { relative, resolve } from "node:path";
import type { Values } from "../../../mirror/lifecycle";
import type { Asked } from "../asked";
import { misunderstood } from "../exit";
import type { Terminal } from "../terminal";

/** Which estate file a command line names, and which part of it. */
export function estateFrom(asked: Asked, { folder }: Terminal): Values {
  const shard = shardOf(asked.text("shard"));
  return {
    file: shortPath(resolve(folder, asked.word(0))),
    ...(shard && { shard }),
  };
}

/** As short as errors can name it. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

function shardOf(text: string | undefined): Values | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = /^([0-9]{1,4})\/([0-9]{1,4})$/.exec(text) ?? [];
  if (!(Number(index) < Number(count)))
    throw misunderstood({
      what: "could not understand the command line of estate",
      why: `--shard is ${JSON.stringify(text)}`,
      remedy: "write which one, from 0, and of how many: --shard 0/4",
    });
  return { index: Number(index), count: Number(count) };
}
