import { asArray, asObject, isObject, type Json } from "../../../../oci/json";
import { limitError } from "../../wire/wireError";
import { reading } from "../content";
import { canBeNamed } from "./canBeNamed";
import { listIn } from "./members";
import { pagesOf } from "./pages";
import type { Inquiry, Pages, Way } from "./way";

const maxAsked = 10_000;

/** Google's registries name what lies below a repository in its list of tags. */
export const google: Way = {
  needs: "a project (and, in Artifact Registry, a repository)",
  hidesPrivate: true,
  list: pages,
};

async function* pages(inquiry: Inquiry): Pages {
  const names = new Set([inquiry.namespace]);
  for (const name of names) {
    if (names.size > maxAsked)
      throw limitError(inquiry.asked, `there are more than ${maxAsked}`);
    const { children, isRepository } = await below(inquiry, name);
    for (const child of children)
      if (canBeNamed(inquiry.registry, `${name}/${child}`))
        names.add(`${name}/${child}`);
    yield isRepository ? [{ name }] : [];
  }
}

async function below(inquiry: Inquiry, name: string) {
  const place = inquiry.open(name);
  const walk = { first: place.endpoints.tags({}), next: () => undefined };
  const children: string[] = [];
  let isRepository = false;
  for await (const { json } of pagesOf({ ...inquiry, place }, walk)) {
    const { child, tags, manifest } = reading(inquiry.asked, () =>
      readBelow(json),
    );
    for (const one of child) if (typeof one === "string") children.push(one);
    if (children.length > maxAsked)
      throw limitError(inquiry.asked, `${name} has more than ${maxAsked}`);
    isRepository =
      tags.length > 0 ||
      (isObject(manifest) && Object.keys(manifest).length > 0);
  }
  return { children, isRepository };
}

/** A list of tags, with what Google adds to it. */
function readBelow(json: Json) {
  const { child = [], manifest } = asObject(json, "the answer");
  return {
    child: asArray(child, "child"),
    tags: listIn(json, "tags"),
    manifest,
  };
}
