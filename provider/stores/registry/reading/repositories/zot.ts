import { asObject, isObject, type JsonObject } from "../../../../oci/json";
import { isTag } from "../../../../oci/reference";
import { protocolError } from "../../wire/wireError";
import { printable } from "../../../../mirror/printable";
import { reading } from "../content";
import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf, type Page } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

const pageSize = 100;

/** zot's search extension, which knows the newest tag of each. */
export const zot: Way = { hidesPrivate: true, list: pages };

async function* pages(inquiry: Inquiry): Pages {
  const first = pageAt(inquiry, 0);
  const errand = { login: "basic" } as const;
  const next = (page: Page) => nextOf(page, inquiry);
  for await (const page of pagesOf(inquiry, { first, errand, next })) {
    yield resultsIn(page, inquiry).map((one) => {
      const { NewestImage: image } = one;
      return {
        name: textIn(one, "Name") ?? "",
        updated: timeIn(one, "LastUpdated"),
        newest: image && isObject(image) ? tagIn(image) : undefined,
      };
    });
  }
}

function tagIn(image: JsonObject): string | undefined {
  const tag = textIn(image, "Tag");
  return tag !== undefined && isTag(tag) ? tag : undefined;
}

function pageAt({ place }: Inquiry, offset: number): URL {
  const url = new URL("/v2/_zot/ext/search", place.endpoints.origin);
  const page = `{limit:${pageSize},offset:${offset},sortBy:ALPHABETIC_ASC}`;
  const wanted = "Results{Name LastUpdated NewestImage{Tag}}";
  url.searchParams.set(
    "query",
    `{RepoListWithNewestImage(requestedPage:${page}){${wanted}}}`,
  );
  return url;
}

function resultsIn({ json }: Page, { asked }: Inquiry) {
  const answer = reading(asked, () => asObject(json, "the answer"));
  const [problem] = objectsIn(answer["errors"] ?? [], undefined, asked);
  if (problem)
    throw protocolError(
      asked,
      `zot's search says: ${printable(textIn(problem, "message") ?? "nothing", 300)}`,
      "check that its search extension is on; or list by `way: distribution`",
    );
  const data = reading(asked, () =>
    asObject(
      asObject(answer["data"], "data")["RepoListWithNewestImage"],
      "data",
    ),
  );
  return objectsIn(data, "Results", asked);
}

/** A page that is not full is the last. */
function nextOf(page: Page, inquiry: Inquiry): URL | undefined {
  if (resultsIn(page, inquiry).length < pageSize) return undefined;
  const query = page.url.searchParams.get("query") ?? "";
  const offset = Number(/offset:(\d+)/.exec(query)?.[1]);
  return pageAt(inquiry, offset + pageSize);
}
