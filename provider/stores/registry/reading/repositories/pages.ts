import type { Response } from "../../../../mirror/ports";
import { readJson, type Json } from "../../../../oci/json";
import { MirrorError } from "../../../../mirror/errors";
import { ask, refusalOf, refuse, type Errand } from "../../place";
import { limitError, protocolError } from "../../wire/wireError";
import { readBounded, reading, refusePage } from "../content";
import { nextTarget } from "../links";
import type { Inquiry } from "./way";

const maxPages = 1000;
const maxPageBytes = 8 * 1024 * 1024;
const maxItems = 200_000;
const maxAddress = 16_384;

/** How an API is asked for one page after the other. */
export interface Walk {
  readonly first: URL;
  /** asked instead where the first is refused for the size of its page (W121) */
  readonly plain?: URL;
  readonly errand?: Pick<Errand, "login" | "scopes">;
  readonly headers?: Readonly<Record<string, string>>;
  /** where the next page is, if there is one; default by `Link` */
  readonly next?: (page: Page) => URL | undefined;
}

/** One page that was read. */
export interface Page {
  readonly url: URL;
  readonly json: Json;
  readonly response: Response;
}

/** Every page of a list: of the same host, none twice, bounded. Throws what is refused with what to do about it. */
export async function* pagesOf(
  inquiry: Inquiry,
  walk: Walk,
): AsyncGenerator<Page, void, undefined> {
  const { asked } = inquiry;
  const seen = new Set<string>();
  let url: URL | undefined = walk.first;
  while (url !== undefined) {
    if (seen.has(url.href))
      throw limitError(asked, "its pages lead in a circle");
    if (seen.size >= maxPages)
      throw limitError(asked, `it has more than ${maxPages} pages`);
    seen.add(url.href);
    const page: Page = await readPage(inquiry, walk, url);
    yield page;
    url = (walk.next ?? linked)(page);
    if (url !== undefined && url.origin !== walk.first.origin)
      throw protocolError(asked, `its next page is said to be at ${url.host}`);
    if (url !== undefined && url.href.length > maxAddress)
      throw limitError(
        asked,
        `the address of its next page has more than ${maxAddress} characters`,
      );
  }
}

const sizeRefused = new Set([400, 405, 406]);

async function readPage(inquiry: Inquiry, walk: Walk, url: URL): Promise<Page> {
  const { asked } = inquiry;
  let response = await askFor(inquiry, walk, url);
  const isFirst = url === walk.first;
  if (isFirst && walk.plain && sizeRefused.has(response.status)) {
    await response.discard();
    response = await askFor(inquiry, walk, walk.plain);
  }
  if (response.status !== 200) throw await refused(inquiry, response);
  await refusePage(response, asked);
  const bytes = await readBounded(response, maxPageBytes, asked);
  const json = reading(asked, () => readJson(bytes, { maxItems }));
  return { url, json, response };
}

function askFor(
  { place, asked, reach }: Inquiry,
  { errand, headers = {} }: Walk,
  url: URL,
): Promise<Response> {
  const request = {
    method: "GET",
    url,
    headers: { accept: "application/json", ...headers },
  } as const;
  return ask(place, { ...asked, ...errand, request, onLeave: "refuse" }, reach);
}

function linked({ url, response }: Page): URL | undefined {
  const target = nextTarget(response.headers["link"]);
  return target !== undefined && URL.canParse(target, url.href)
    ? new URL(target, url)
    : undefined;
}

const notOffered = new Set([404, 405, 406, 410, 501]);

/** What a refusal means here: that there is no such list, or that we may not see it. */
async function refused(
  { place, asked, registry }: Inquiry,
  response: Response,
): Promise<MirrorError> {
  const refusal = await refusalOf(place, response);
  const { host } = place.endpoints;
  if (notOffered.has(refusal.status))
    return new MirrorError({
      ...asked,
      fault: "unsupported",
      code: "UNSUPPORTED",
      why: `${host} offers no such list here: ${refusal.words}`,
      remedy:
        "check the name; if the registry is another product, say which by `way`; else name the repositories yourself, as many registries list none",
    });
  const error = refuse(place, refusal, asked);
  if (error.fault !== "denied") return error;
  return new MirrorError({
    ...asked,
    fault: "denied",
    code: error.code,
    why: error.why,
    remedy: `give the provider credentials for ${JSON.stringify(host)} that may list repositories${host === registry ? "" : `: those of ${registry} are not shown to another host`}; or name the repositories yourself`,
    cause: error,
  });
}
