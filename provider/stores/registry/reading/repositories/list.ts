import { MirrorError } from "../../../../mirror/errors";
import type { Reach } from "../../../../mirror/ports";
import type {
  CloudRepositories,
  ListedRepository,
  RepositoriesWish,
  RepositoryList,
} from "../../../../mirror/repositories";
import type { Place } from "../../place";
import { limitError, type Asked } from "../../wire/wireError";
import { ways } from "./catalog";
import { canBeNamed } from "./canBeNamed";
import type { Inquiry, Way } from "./way";

/** What listing needs of the shelf. */
export interface Opener {
  readonly reach: Reach;
  readonly cloud: CloudRepositories | undefined;
  /** a repository of any host; its name may be a part of one, or empty */
  open(registry: string, repository: string): Place;
}

/** Lists the repositories of a registry by the way that its host is known for, or that the user names. */
export async function listRepositories(
  wish: RepositoriesWish,
  opener: Opener,
): Promise<RepositoryList> {
  const { registry, namespace = "", max } = wish;
  const own = opener.open(registry, namespace);
  const name = wish.way ?? own.profile.traits.catalog ?? "distribution";
  const way = ways(opener.cloud)[name];
  const asked = askedOf(wish);
  if (way.needs !== undefined && namespace === "")
    throw unnamed(asked, registry, way.needs);
  const api = wish.api ?? way.api;
  const place = api === undefined ? own : opener.open(api, namespace);
  const inquiry: Inquiry = {
    place,
    registry,
    namespace,
    asked,
    reach: opener.reach,
    max,
    open: (repository) => opener.open(registry, repository),
  };
  const read = await readAll(way, inquiry);
  const { repositories, isComplete } = read;
  const notes = notesOf(read, way, inquiry);
  return { way: name, repositories, isComplete, notes };
}

function askedOf({ registry, namespace }: RepositoriesWish): Asked {
  const reference = [registry, namespace].filter(Boolean).join("/");
  return {
    what: "could not list the repositories",
    where: { side: "source", reference },
  };
}

/** Names that nobody could ask for are counted, each once, up to so many. */
const maxOdd = 10_000;

interface Read {
  readonly repositories: readonly ListedRepository[];
  readonly isComplete: boolean;
  /** how many names no reference could hold */
  readonly odd: number;
}

/** Reads on until there is no more, or more than is wanted. */
async function readAll(way: Way, inquiry: Inquiry): Promise<Read> {
  const { namespace, max, registry } = inquiry;
  const found = new Map<string, ListedRepository>();
  const odd = new Set<string>();
  for await (const page of way.list(inquiry)) {
    for (const one of page) {
      if (!isBelow(one.name, namespace)) continue;
      if (canBeNamed(registry, one.name)) found.set(one.name, one);
      else odd.add(one.name);
    }
    if (odd.size > maxOdd)
      throw limitError(
        inquiry.asked,
        `more than ${maxOdd} of the names that are listed are no repository's`,
      );
    if (found.size > max) break;
  }
  const sorted = [...found.values()].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return {
    repositories: sorted.slice(0, max),
    isComplete: sorted.length <= max,
    odd: odd.size,
  };
}

function isBelow(name: string, namespace: string): boolean {
  const isAll = namespace === "";
  return isAll || name === namespace || name.startsWith(`${namespace}/`);
}

function notesOf(
  { repositories, isComplete, odd }: Read,
  { hidesPrivate }: Way,
  { place }: Inquiry,
): readonly string[] {
  const { gate, endpoints } = place;
  const credential = gate.keyring.lastCredential(gate.repository);
  const isAnonymous =
    credential === undefined || credential.kind === "anonymous";
  return [
    ...(isComplete
      ? []
      : [`there are more than these ${repositories.length}: nobody read on`]),
    ...(isAnonymous && hidesPrivate
      ? [
          `asked anonymously: what is not public is not listed; give the provider credentials for ${JSON.stringify(endpoints.host)} to see it`,
        ]
      : []),
    ...(hidesPrivate && !isAnonymous && repositories.length === 0
      ? [
          `nothing is listed: either there is nothing, or the credential for ${JSON.stringify(endpoints.host)} may not list what there is`,
        ]
      : []),
    ...(odd > 0
      ? [`${odd} names that no reference can hold are left out`]
      : []),
  ];
}

function unnamed(asked: Asked, registry: string, needs: string): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "invalid",
    code: "INVALID_INPUT",
    why: `${registry} lists nothing without ${needs}`,
    remedy: `name it: ${registry}/…`,
  });
}
