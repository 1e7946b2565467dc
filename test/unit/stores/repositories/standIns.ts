import { json, type Reply } from "../script";

/** One product's API as it answers: two pages in its wire form, and anything else with 404. */
export interface StandIn {
  readonly registry: string;
  readonly namespace?: string;
  readonly way?: "harbor" | "zot";
  answer(url: URL): Reply;
  /** what has to be asked, in order */
  readonly asks: readonly string[];
  readonly names: readonly string[];
  readonly updated?: string;
}

const nothing: Reply = json({ message: "404 page not found" }, 404);
const many = (count: number, name: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => name(at));
const padded = (at: number) => `${at}`.padStart(3, "0");

const linked = (reply: Reply, next: string): Reply => ({
  ...reply,
  headers: { ...reply.headers, link: `<${next}>; rel="next"` },
});

const dockerHub: StandIn = {
  registry: "docker.io",
  namespace: "acme",
  answer(url) {
    const page = url.searchParams.get("page") ?? "1";
    if (url.pathname !== "/v2/namespaces/acme/repositories") return nothing;
    const result = (name: string) => ({
      name,
      namespace: "acme",
      repository_type: "image",
      is_private: false,
      last_updated: "2026-01-02T03:04:05.678Z",
    });
    return page === "1"
      ? json({
          count: 2,
          next: "https://hub.docker.com/v2/namespaces/acme/repositories?page=2&page_size=100",
          previous: null,
          results: [result("web")],
        })
      : json({ count: 2, next: null, previous: "…", results: [result("api")] });
  },
  asks: [
    "GET https://hub.docker.com/v2/namespaces/acme/repositories?page_size=100",
    "GET https://hub.docker.com/v2/namespaces/acme/repositories?page=2&page_size=100",
  ],
  names: ["acme/api", "acme/web"],
  updated: "2026-01-02T03:04:05.678Z",
};

const quay: StandIn = {
  registry: "quay.io",
  namespace: "acme",
  answer(url) {
    if (url.pathname !== "/api/v1/repository") return nothing;
    if (url.searchParams.get("namespace") !== "acme") return nothing;
    const one = (name: string, kind = "image") => ({
      namespace: "acme",
      name,
      description: null,
      is_public: true,
      kind,
      state: "NORMAL",
      last_modified: 1767322800,
    });
    return url.searchParams.get("next_page") === "gAAAA"
      ? json({ repositories: [one("api"), one("apps", "application")] })
      : json({ repositories: [one("web")], next_page: "gAAAA" });
  },
  asks: [
    "GET https://quay.io/api/v1/repository?namespace=acme&public=true&last_modified=true",
    "GET https://quay.io/api/v1/repository?namespace=acme&public=true&last_modified=true&next_page=gAAAA",
  ],
  names: ["acme/api", "acme/web"],
  updated: "2026-01-02T03:00:00.000Z",
};

const harbor: StandIn = {
  registry: "harbor.example",
  namespace: "team",
  way: "harbor",
  answer(url) {
    if (url.pathname !== "/api/v2.0/projects/team/repositories") return nothing;
    const one = (name: string, at: number) => ({
      artifact_count: 1,
      creation_time: "2026-01-01T00:00:00.000Z",
      id: at,
      name: `team/${name}`,
      project_id: 7,
      pull_count: 0,
      update_time: "2026-01-02T03:04:05.000Z",
    });
    return url.searchParams.get("page") === "1"
      ? json(many(100, padded).map(one))
      : json([one("last/one", 101)]);
  },
  asks: [
    "GET https://harbor.example/api/v2.0/projects/team/repositories?page=1&page_size=100",
    "GET https://harbor.example/api/v2.0/projects/team/repositories?page=2&page_size=100",
  ],
  names: [...many(100, (at) => `team/${padded(at)}`), "team/last/one"],
  updated: "2026-01-02T03:04:05.000Z",
};

const gitlab: StandIn = {
  registry: "registry.gitlab.com",
  namespace: "acme/tools",
  answer(url) {
    const path = "/api/v4/groups/acme%2Ftools/registry/repositories";
    if (url.pathname !== path) return nothing;
    const one = (id: number, path: string) => ({
      id,
      name: "",
      path,
      project_id: 9,
      location: `registry.gitlab.com/${path}`,
      created_at: "2019-01-10T13:38:57.391Z",
      cleanup_policy_started_at: null,
    });
    return url.searchParams.get("page") === "2"
      ? json([one(2, "acme/tools/web")])
      : linked(
          json([one(1, "acme/tools/api/debug")]),
          `https://gitlab.com${path}?page=2&per_page=100`,
        );
  },
  asks: [
    "GET https://gitlab.com/api/v4/groups/acme%2Ftools/registry/repositories?per_page=100",
    "GET https://gitlab.com/api/v4/groups/acme%2Ftools/registry/repositories?page=2&per_page=100",
  ],
  names: ["acme/tools/api/debug", "acme/tools/web"],
};

const github: StandIn = {
  registry: "ghcr.io",
  namespace: "acme",
  answer(url) {
    const one = (id: number, name: string) => ({
      id,
      name,
      package_type: "container",
      owner: { login: "acme", type: "Organization" },
      version_count: 1,
      visibility: "public",
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-02T03:04:05Z",
    });
    if (url.pathname === "/organizations/12/packages")
      return json([one(2, "charts/web")]);
    if (url.pathname !== "/orgs/acme/packages") return nothing;
    return linked(
      json([one(1, "api")]),
      "https://api.github.com/organizations/12/packages?package_type=container&page=2",
    );
  },
  asks: [
    "GET https://api.github.com/orgs/acme/packages?package_type=container&per_page=100",
    "GET https://api.github.com/organizations/12/packages?package_type=container&page=2",
  ],
  names: ["acme/api", "acme/charts/web"],
};

const google: StandIn = {
  registry: "europe-docker.pkg.dev",
  namespace: "acme/apps",
  answer(url) {
    const lists: Record<string, object> = {
      "/v2/acme/apps/tags/list": {
        child: ["api", "web"],
        manifest: {},
        tags: [],
      },
      "/v2/acme/apps/api/tags/list": {
        child: ["debug"],
        manifest: { "sha256:aa": { tag: ["1"] } },
        tags: ["1"],
      },
      "/v2/acme/apps/api/debug/tags/list": {
        child: [],
        manifest: {},
        tags: ["1"],
      },
      "/v2/acme/apps/web/tags/list": {
        child: [],
        manifest: { "sha256:bb": {} },
        tags: [],
      },
    };
    const list = lists[url.pathname];
    return list === undefined ? nothing : json(list);
  },
  asks: ["apps", "apps/api", "apps/web", "apps/api/debug"].map(
    (name) => `GET https://europe-docker.pkg.dev/v2/acme/${name}/tags/list`,
  ),
  names: ["acme/apps/api", "acme/apps/api/debug", "acme/apps/web"],
};

const zot: StandIn = {
  registry: "zot.example:5000",
  way: "zot",
  answer(url) {
    if (url.pathname !== "/v2/_zot/ext/search") return nothing;
    const query = url.searchParams.get("query") ?? "";
    const one = (Name: string) => ({
      Name,
      LastUpdated: "2026-01-02T03:04:05Z",
      NewestImage: { Tag: "1.4.2" },
    });
    const Results = query.includes("offset:0,")
      ? many(100, (at) => `a${padded(at)}`).map(one)
      : [one("web")];
    return json({ data: { RepoListWithNewestImage: { Results } } });
  },
  asks: [0, 100].map(
    (offset) =>
      `GET https://zot.example:5000/v2/_zot/ext/search?query=${encodeURIComponent(`{RepoListWithNewestImage(requestedPage:{limit:100,offset:${offset},sortBy:ALPHABETIC_ASC}){Results{Name LastUpdated NewestImage{Tag}}}}`).replaceAll("%20", "+").replaceAll("(", "%28").replaceAll(")", "%29")}`,
  ),
  names: [...many(100, (at) => `a${padded(at)}`), "web"],
};

const catalogue =
  (path: string) =>
  (url: URL): Reply => {
    if (url.pathname !== path) return nothing;
    return url.searchParams.get("last") === "b"
      ? json({ repositories: ["c/d"] })
      : linked(json({ repositories: ["a", "b"] }), `${path}?last=b&n=100`);
  };

const artifactory: StandIn = {
  registry: "acme.jfrog.io",
  namespace: "docker-local",
  answer: catalogue("/artifactory/api/docker/docker-local/v2/_catalog"),
  asks: ["n=100", "last=b&n=100"].map(
    (query) =>
      `GET https://acme.jfrog.io/artifactory/api/docker/docker-local/v2/_catalog?${query}`,
  ),
  names: ["docker-local/a", "docker-local/b", "docker-local/c/d"],
};

const distribution: StandIn = {
  registry: "reg.example:5000",
  answer: catalogue("/v2/_catalog"),
  asks: ["n=100", "last=b&n=100"].map(
    (query) => `GET https://reg.example:5000/v2/_catalog?${query}`,
  ),
  names: ["a", "b", "c/d"],
};

/** By the way that each of them is asked. */
export const standIns: Readonly<Record<string, StandIn>> = {
  artifactory,
  distribution,
  "docker-hub": dockerHub,
  github,
  gitlab,
  google,
  harbor,
  quay,
  zot,
};
