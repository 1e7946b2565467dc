import type { Reach, Request, Response } from "../../../mirror/ports";
import { readBounded } from "./content";
import { ask, unexpected, type Place } from "../place";
import { limitError, protocolError, type Asked } from "../wire/wireError";

/** How to walk a listing of several pages. */
export interface Walk {
  /** the first page's answer, and where it came from */
  readonly first: { readonly response: Response; readonly url: URL };
  readonly asked: Asked;
  readonly headers: Request["headers"];
  readonly maxPages: number;
}

const maxPageBytes = 8 * 1024 * 1024;

/** The bodies of all pages from a first answer on (W103, W120): same origin, same repository, no page twice. */
export async function* pages(
  place: Place,
  walk: Walk,
  reach: Reach,
): AsyncGenerator<
  { readonly bytes: Uint8Array; readonly response: Response },
  void,
  undefined
> {
  let { response, url } = walk.first;
  const seen = new Set([url.href]);
  for (;;) {
    if (response.status !== 200)
      throw await unexpected(place, response, walk.asked);
    yield {
      bytes: await readBounded(response, maxPageBytes, walk.asked),
      response,
    };
    const next = nextPage(response, url, { place, asked: walk.asked });
    if (next === undefined) return;
    if (seen.has(next.href))
      throw limitError(walk.asked, "its pages lead in a circle");
    if (seen.size >= walk.maxPages)
      throw limitError(walk.asked, `it has more than ${walk.maxPages} pages`);
    seen.add(next.href);
    url = next;
    response = await ask(
      place,
      {
        ...walk.asked,
        request: { method: "GET", url, headers: walk.headers },
        onLeave: "refuse",
      },
      reach,
    );
  }
}

function nextPage(
  response: Response,
  url: URL,
  at: { readonly place: Place; readonly asked: Asked },
): URL | undefined {
  const target = nextTarget(response.headers["link"]);
  if (target === undefined) return undefined;
  const next = URL.canParse(target, url.href)
    ? new URL(target, url)
    : undefined;
  if (next !== undefined && at.place.endpoints.holds(next) && !next.username)
    return next;
  throw protocolError(
    at.asked,
    `its next page is said to be at ${next?.host ?? "no URL"}, outside of the repository`,
  ); // N14
}

/** The target of `rel="next"` in a `Link` header (RFC 8288). */
export function nextTarget(
  link: string | readonly string[] | undefined,
): string | undefined {
  const lines = typeof link === "string" ? [link] : (link ?? []);
  for (const match of lines
    .join(", ")
    .matchAll(
      /<([^<>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)/g,
    )) {
    if (isNext(match[2] ?? "")) return match[1];
  }
  return undefined;
}

function isNext(parameters: string): boolean {
  const each = /;\s*([^\s=;,]+)\s*(?:=\s*(?:"([^"]*)"|([^\s",;]*)))?/g;
  return [...parameters.matchAll(each)].some(([, name, quoted, bare = ""]) => {
    const relations = (quoted ?? bare).toLowerCase().split(/\s+/);
    return name?.toLowerCase() === "rel" && relations.includes("next");
  });
}
