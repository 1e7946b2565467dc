import { reading } from "../content";
import { listIn } from "./members";
import { pagesOf, type Walk } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

const pageSize = "100"; // some take no more (W121)
const scopes = ["registry:catalog:*"]; // W44

/** `GET /v2/_catalog`, which distribution has, and many others refuse, or answer in part. */
export const distribution: Way = {
  hidesPrivate: false,
  list(inquiry) {
    const plain = new URL("/v2/_catalog", inquiry.place.endpoints.origin);
    return catalogPages(inquiry, { plain, errand: { scopes } });
  },
};

/** The pages of a `_catalog`, wherever it lies. */
export async function* catalogPages(
  inquiry: Inquiry,
  walk: Pick<Walk, "errand"> & { readonly plain: URL },
  named: (name: string) => string = (name) => name,
): Pages {
  const first = new URL(walk.plain);
  first.searchParams.set("n", pageSize);
  for await (const { json } of pagesOf(inquiry, { ...walk, first })) {
    const listed = reading(inquiry.asked, () => listIn(json, "repositories"));
    yield listed
      .filter((name) => typeof name === "string")
      .map((name) => ({ name: named(name) }));
  }
}
