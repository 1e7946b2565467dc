import type { Reach, Response } from "../../../mirror/ports";
import { asArray, asObject, readJson } from "../../../oci/json";
import { isTag } from "../../../oci/reference";
import { reading, refusePage } from "./content";
import { pages } from "./links";
import { about, ask, refuse, type Place, refusalOf } from "../place";
import { absence } from "../wire/refusal";
import { limitError } from "../wire/wireError";

const pageSize = "100"; // Quay takes no more (W121)
const maxPages = 1000;
const maxTags = 1_000_000;

/** All tags, sorted, each once; entries that are no tags are left out (W120–W124). A repository that is not there is an error. */
export async function listTags(
  place: Place,
  reach: Reach,
): Promise<readonly string[]> {
  const asked = about(place, "could not list the tags");
  const found = new Set<string>();
  const first = await firstPage(place, reach);
  await refusePage(first.response, asked);
  for await (const { bytes } of pages(
    place,
    { first, asked, headers: {}, maxPages },
    reach,
  )) {
    for (const tag of readTags(bytes, asked)) found.add(tag);
    if (found.size > maxTags)
      throw limitError(asked, `there are more than ${maxTags}`);
  }
  return [...found].sort();
}

/** A server that refuses the page size is asked once without one. */
async function firstPage(
  place: Place,
  reach: Reach,
): Promise<{ readonly response: Response; readonly url: URL }> {
  const asked = about(place, "could not list the tags");
  const url = place.endpoints.tags({ n: pageSize });
  const response = await ask(
    place,
    { ...asked, request: { method: "GET", url, headers: {} } },
    reach,
  );
  if (response.status === 200) return { response, url };
  const refusal = await refusalOf(place, response);
  if (
    ![400, 405, 406].includes(response.status) ||
    absence(refusal) !== undefined
  )
    throw refuse(place, refusal, asked);
  const plain = place.endpoints.tags({});
  return {
    response: await ask(
      place,
      { ...asked, request: { method: "GET", url: plain, headers: {} } },
      reach,
    ),
    url: plain,
  };
}

function readTags(
  bytes: Uint8Array,
  asked: ReturnType<typeof about>,
): readonly string[] {
  const tags = reading(asked, () => {
    const listed = asObject(
      readJson(bytes, { maxItems: maxTags + 10 }),
      "tags",
    )["tags"];
    return listed === undefined || listed === null
      ? []
      : asArray(listed, "tags.tags");
  });
  return tags.filter((tag) => typeof tag === "string").filter(isTag);
}
