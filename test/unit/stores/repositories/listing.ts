import type { Credential } from "../../../../provider/mirror/credential";
import type { Request } from "../../../../provider/mirror/ports";
import type {
  RepositoriesWish,
  RepositoryList,
} from "../../../../provider/mirror/repositories";
import { openRegistries } from "../../../../provider/stores/registry/registry";
import { fakeClock } from "../opened";
import { reachBy, scripted, type Reply } from "../script";

/** What is asked of a shelf whose every answer is written down, and by whom. */
export interface Listing {
  readonly list: (
    wish: Partial<RepositoriesWish> & { readonly registry: string },
  ) => Promise<RepositoryList>;
  readonly requests: readonly Request[];
  /** `METHOD url` of every request */
  asked(): readonly string[];
  /** hosts that were shown anything, with what */
  shown(): readonly string[];
}

/** A user and a password for each of these hosts, and nothing for any other. */
export const logins =
  (by: Readonly<Record<string, Partial<Credential>>>) =>
  async (repository: string): Promise<Credential | undefined> => {
    const host = repository.slice(0, repository.indexOf("/"));
    const found = by[host];
    if (found === undefined) return undefined;
    return {
      kind: "basic",
      id: host,
      source: "the test",
      username: "mirror",
      secret: `secret-of-${host}`,
      ...found,
    } as Credential;
  };

export function listing(
  answer: (url: URL, request: Request) => Reply | Error,
  credentials = logins({}),
): Listing {
  const script = scripted((request) => answer(request.url, request));
  const { repositories } = openRegistries({
    registries: [],
    credentials,
    clock: fakeClock(),
  });
  return {
    list: (wish) => repositories({ max: 1000, ...wish }, reachBy(script.send)),
    requests: script.requests,
    asked: () =>
      script.requests.map(({ method, url }) => `${method} ${url.href}`),
    shown: () =>
      script.requests.flatMap(({ url, headers }) => {
        const { authorization } = headers;
        return authorization === undefined
          ? []
          : [`${url.host} ${authorization}`];
      }),
  };
}

export const namesIn = ({ repositories }: RepositoryList): readonly string[] =>
  repositories.map(({ name }) => name);
