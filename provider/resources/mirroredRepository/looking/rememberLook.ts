import type { Held, Listing } from "../../memory";
import type { World } from "../../world";
import { listingKey, type Intent } from "../intent";
import type { Learned } from "./learn";
import type { Sides } from "./look";
import type { Outputs } from "../outputs";

/** Keeps what was seen for Check and what follows in this process; two resources between the same repositories share it. */
export function rememberLook(
  { memory }: Pick<World, "memory">,
  intent: Intent,
  seen: {
    readonly sides: Sides;
    readonly former: Outputs;
    readonly learned: Learned;
    readonly held: ReadonlyMap<string, Held>;
  },
): void {
  const { sides, former, learned, held } = seen;
  const key = listingKey(intent);
  const other = memory.listings.get(key) ?? unseen;
  // a list of one's own is not what the source lists
  const isListed = intent.given.tags.mode !== "list";
  const candidates = Object.entries(learned.candidates ?? {});
  memory.listings.set(key, {
    source: (isListed ? sides.source : undefined) ?? other.source,
    destination: sides.destination ?? other.destination,
    digests: new Map([...other.digests, ...learned.bySourceTag]),
    mirrored: new Set([...other.mirrored, ...Object.keys(former.digests)]),
    gone: new Set([...other.gone, ...learned.gone]),
    unasked: other.unasked,
    held: new Map([...other.held, ...held]),
    candidates: new Map([...other.candidates, ...candidates]),
  });
}

const unseen: Listing = {
  digests: new Map(),
  mirrored: new Set(),
  gone: new Set(),
  unasked: new Set(),
  held: new Map(),
  candidates: new Map(),
};
