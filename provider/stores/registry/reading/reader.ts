import { MirrorError } from "../../../mirror/errors";
import type { Flights } from "../../../mirror/flights";
import type { Look, Reach, Source } from "../../../mirror/ports";
import type { Descriptor } from "../../../oci/descriptor";
import { isManifestType } from "../../../oci/mediaType";
import { streamOf } from "../../collect";
import { about, type Place } from "../place";
import { limitError, stopped } from "../wire/wireError";
import { hasBlob, readBlob } from "./blobs";
import { openBlob } from "./download";
import {
  fetchManifest,
  readManifest,
  resolveManifest,
  resolveUnlikely,
  seesManifest,
} from "./manifests";
import { listReferrers } from "./referrers";
import { listTags } from "./tags";
import { resolveTwice } from "./twice";

const resolvers: Readonly<Record<Look | "once", typeof resolveManifest>> = {
  once: resolveManifest,
  absent: resolveUnlikely,
  twice: resolveTwice,
};

type Reader = Pick<
  Source,
  "resolve" | "fetch" | "has" | "read" | "open" | "tags" | "referrers"
>;

/**
 * Reads a repository. What a source gave by digest is not asked for twice; a destination is always asked, because what it is judged
 * by has to be read where it lies. A writer shares no answer: one that began before its own write would be old.
 */
export function readerOf(place: Place): Reader {
  const { questions } = place;
  const shared = sharing(place);
  return {
    resolve: (name, reach, look) =>
      shared(questions.names, { key: `${look} ${name}`, reach }, () =>
        resolvers[look ?? "once"](place, name, reach),
      ),
    fetch: async (name, reach) => {
      const wish = { key: name, reach };
      const served = await shared(questions.served, wish, () =>
        fetchManifest(place, name, reach),
      );
      if (served) remember(place, served.descriptor, served.bytes);
      return served;
    },
    has: (node, reach) =>
      shared(questions.presences, { key: keyOf(place, node), reach }, () =>
        (isManifestType(node.mediaType) ? seesManifest : hasBlob)(
          place,
          node,
          reach,
        ),
      ),
    read: async (node, maxBytes, reach) => {
      const known = atHand(place, node);
      if (known && node.size <= maxBytes) return known;
      const wish = { key: `${keyOf(place, node)} ${maxBytes}`, reach };
      const bytes = await shared(questions.contents, wish, () =>
        read(place, { node, maxBytes }, reach),
      );
      remember(place, node, bytes);
      return bytes;
    },
    open: (node, reach) => {
      const known = atHand(place, node);
      return known ? streamOf(known) : openBlob(place, node, reach);
    },
    tags: (reach) =>
      shared(questions.tags, { key: "", reach }, () => listTags(place, reach)),
    referrers: (subject, reach) =>
      shared(questions.listings, { key: subject, reach }, () =>
        listReferrers(place, subject, reach),
      ),
  };
}

function sharing({ side, repository, actions }: Place) {
  const isWriter = actions.some((action) => action !== "pull");
  return async <T>(
    flights: Flights<T>,
    wish: { readonly key: string; readonly reach: Reach },
    ask: () => Promise<T>,
  ): Promise<T> => {
    if (isWriter) return ask();
    const key = `${side} ${repository} ${wish.key}`;
    const { signal } = wish.reach;
    try {
      return (await flights.join(key, signal, ask)).value;
    } catch (error) {
      if (!signal.aborted || error instanceof MirrorError) throw error;
      const where = { side, reference: repository };
      throw stopped(signal, { what: "could not read", where });
    }
  };
}

async function read(
  place: Place,
  { node, maxBytes }: { readonly node: Descriptor; readonly maxBytes: number },
  reach: Reach,
): Promise<Uint8Array> {
  if (!isManifestType(node.mediaType))
    return readBlob(place, { blob: node, maxBytes }, reach);
  if (node.size <= maxBytes) return readManifest(place, node, reach);
  throw limitError(
    about(place, "could not read the manifest", node.digest),
    `it claims ${node.size} bytes, and at most ${maxBytes} are taken`,
  );
}

/** The type counts where it says how the bytes are to be read (N25). */
function keyOf(
  { repository }: Place,
  { digest, size, mediaType }: Descriptor,
): string {
  const type = isManifestType(mediaType) ? ` ${mediaType}` : "";
  return `${repository}@${digest} ${size}${type}`;
}

function remember(place: Place, node: Descriptor, bytes: Uint8Array): void {
  if (place.side !== "source") return;
  place.remembered.add(keyOf(place, node), bytes);
}

const emptyJson = {
  digest:
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  bytes: Buffer.from("{}"),
};

/** What need not be asked for: read before, said by the descriptor (whose reader has hashed it, W154), or `{}` (W153). */
function atHand(place: Place, node: Descriptor): Uint8Array | undefined {
  if (place.side !== "source") return undefined;
  const known = place.remembered.get(keyOf(place, node)) ?? node.data;
  if (known) return known;
  const isEmpty = node.digest === emptyJson.digest && node.size === 2;
  return isEmpty ? emptyJson.bytes : undefined;
}
