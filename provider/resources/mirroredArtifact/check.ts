import {
  formatReference,
  parseReference,
  type Reference,
} from "../../oci/reference";
import { within } from "../../mirror/reach";
import {
  hasUnknown,
  type Call,
  type Failure,
  type Values,
} from "../../mirror/lifecycle";
import { textOf } from "../../mirror/textOf";
import { checkShape } from "../../verifiers/checkShape";
import type { World } from "../world";
import { semanticFailures } from "./failures";
import { inputs as shape } from "./inputs";
import { hostOf } from "../mirroring/hostOf";
import { pinnedPolicy } from "../judging/pinnedPolicy";
import { newcomerFailures } from "../mirroring/age/ageFailures";
import { hold } from "./hold";

/** Check is serial in the engine: it may not wait long (engine.md §4). */
const askMs = 2000;

/** Validates, and completes `digest`: from the pin, from what Read just saw, or by one HEAD. Not knowing it is no failure for a new resource. */
export async function check(
  world: World,
  call: Call,
  { olds, news }: { readonly olds?: Values; readonly news: Values },
): Promise<{ inputs: Values; failures: readonly Failure[] }> {
  const failures = [...checkShape(shape, news)];
  if (failures.length === 0) failures.push(...semanticFailures(world, news));
  if (failures.length === 0 && !olds) failures.push(...newcomerFailures(news));
  if (failures.length > 0) return { inputs: {}, failures };
  const pinned = await pinnedPolicy(world, news.policy, call.reach);
  if (pinned.failures.length > 0)
    return { inputs: {}, failures: pinned.failures };
  const learned = await learnDigest(world, call, { olds, news });
  const { policy } = pinned;
  return {
    inputs: { ...(policy !== news.policy && { policy }), ...learned.inputs },
    failures: learned.failures,
  };
}

/** What the source names: from the pin, from what Read just saw, or by one HEAD. */
async function learnDigest(
  world: World,
  call: Call,
  { olds, news }: { readonly olds?: Values; readonly news: Values },
): Promise<{ inputs: Values; failures: readonly Failure[] }> {
  const { source: text, digest } = news;
  if (digest !== undefined || typeof text !== "string")
    return { inputs: {}, failures: [] };
  const source = parseReference(text);
  const learned =
    source.digest ??
    world.memory.sources.get(text)?.digest ??
    (await ask(world, call, { source, text }));
  if (learned === undefined)
    return unlearned(world, call, { source, olds, news });
  const filled = source.digest ?? hold(world, call, { olds, news, learned });
  return { inputs: { digest: filled }, failures: [] };
}

/** One HEAD, given up after two seconds; a host that failed is not asked again in this process. */
async function ask(
  world: World,
  call: Call,
  { source, text }: { source: Reference; text: string },
): Promise<string | undefined> {
  const host = hostOf(source);
  if (world.memory.silent.has(host)) return undefined;
  try {
    const found = await world.stores
      .open(source, "source")
      .resolve(source.tag ?? "", within(call.reach, askMs));
    if (found) world.memory.sources.set(text, found);
    else
      world.memory.silent.set(
        `${host} ${formatReference(source)}`,
        `source ${formatReference(source)} is not there any more`,
      );
    return found?.digest;
  } catch (error) {
    call.reach.signal.throwIfAborted();
    world.memory.silent.set(host, textOf(error));
    return undefined;
  }
}

/** What could not be learned: an artifact that is mirrored stays at its digest, with a warning or, if so wished, a failure. */
function unlearned(
  world: World,
  call: Call,
  {
    source,
    olds,
    news,
  }: {
    readonly source: Reference;
    readonly olds?: Values;
    readonly news: Values;
  },
): { inputs: Values; failures: readonly Failure[] } {
  const isMirrored =
    olds?.digest !== undefined &&
    olds.source === news.source &&
    !hasUnknown(olds.digest);
  if (!isMirrored) return { inputs: {}, failures: [] };
  const host = hostOf(source);
  const why =
    world.memory.silent.get(host) ??
    world.memory.silent.get(`${host} ${formatReference(source)}`) ??
    "no answer";
  if (news.onSourceUnavailable === "error") {
    return {
      inputs: {},
      failures: [
        {
          property: "source",
          reason: `what the source names now could not be learned, and onSourceUnavailable is "error": ${why}`,
        },
      ],
    };
  }
  warnOnce(world, call, { host, why });
  return { inputs: { digest: olds.digest }, failures: [] };
}

/** One warning a host: a vendor's bad day is told once. */
export function warnOnce(
  world: World,
  call: Call,
  { host, why }: { readonly host: string; readonly why: string },
): void {
  if (!world.memory.isFirstWarning(host)) return;
  call.tell({
    kind: "warning",
    text: `nothing new could be learned from source ${host}; what is mirrored from it stays as it is: ${why}`,
  });
}
