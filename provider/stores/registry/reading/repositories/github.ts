import { either } from "./either";
import { objectsIn, textIn, timeIn } from "./members";
import { pagesOf } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

const host = "api.github.com";
const headers = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

/** GitHub's packages, of an organisation or a user. Its API wants a login for public ones, too, and is another host than the registry. */
export const github: Way = {
  api: host,
  needs: "an organisation, or a user",
  hidesPrivate: true,
  list: (inquiry) => either(pages(inquiry, "orgs"), pages(inquiry, "users")),
};

async function* pages(inquiry: Inquiry, kind: "orgs" | "users"): Pages {
  const { place, asked } = inquiry;
  const [owner = ""] = inquiry.namespace.split("/");
  const root = place.endpoints.host === host ? "" : "/api/v3"; // GitHub Enterprise Server
  const first = new URL(
    `${root}/${kind}/${encodeURIComponent(owner)}/packages`,
    place.endpoints.origin,
  );
  first.searchParams.set("package_type", "container");
  first.searchParams.set("per_page", "100");
  const errand = { login: "bearer" } as const;
  for await (const { json } of pagesOf(inquiry, { first, errand, headers })) {
    yield objectsIn(json, undefined, asked).map((one) => ({
      name: `${owner}/${textIn(one, "name") ?? ""}`,
      updated: timeIn(one, "updated_at"),
    }));
  }
}
