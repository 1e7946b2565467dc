import { json } from "../script";
import { listing, logins, namesIn } from "./listing";
import { standIns } from "./standIns";

const of = (name: string) => {
  const found = standIns[name];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const basic = (host: string) =>
  `Basic ${Buffer.from(`mirror:secret-of-${host}`).toString("base64")}`;

test.each(["docker-hub", "gitlab", "github"])(
  "%s: the registry's credential is not shown to the host of its API",
  async (name) => {
    const { registry, namespace, answer } = of(name);
    const at = listing(answer, logins({ [registry]: {} }));
    const { notes } = await at.list({ registry, namespace });
    expect(at.shown()).toEqual([]);
    expect(notes.join()).toMatch(
      /^asked anonymously: what is not public is not listed; give the provider credentials for "(hub\.docker|gitlab|api\.github)\.com"/,
    );
  },
);

test.each([
  ["gitlab", "gitlab.com"],
  ["github", "api.github.com"],
])(
  "%s: a credential for the API goes there as a bearer token",
  async (name, host) => {
    const { registry, namespace, answer } = of(name);
    const at = listing(answer, logins({ [host]: {} }));
    const { notes } = await at.list({ registry, namespace });
    const shown = `${host} Bearer secret-of-${host}`;
    expect(at.shown()).toEqual([shown, shown]);
    expect(notes).toEqual([]);
  },
);

test("docker-hub: a credential for the API is exchanged once, and only there", async () => {
  const { registry, namespace, answer } = of("docker-hub");
  const at = listing(
    (url) =>
      url.pathname === "/v2/auth/token"
        ? json({ access_token: "jwt" })
        : answer(url),
    logins({ "hub.docker.com": {} }),
  );
  await at.list({ registry, namespace });
  expect(at.asked()[0]).toBe("POST https://hub.docker.com/v2/auth/token");
  expect(Buffer.from(at.requests[0]?.body as Uint8Array).toString()).toBe(
    '{"identifier":"mirror","secret":"secret-of-hub.docker.com"}',
  );
  expect(at.shown()).toEqual([
    "hub.docker.com Bearer jwt",
    "hub.docker.com Bearer jwt",
  ]);
});

test("docker-hub: a wrong password is told without the password", async () => {
  const { registry, namespace } = of("docker-hub");
  const at = listing(
    () => json({ detail: "no: secret-of-hub.docker.com" }, 401),
    logins({ "hub.docker.com": {} }),
  );
  const error: unknown = await at
    .list({ registry, namespace })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ fault: "denied" });
  expect(String(error)).not.toContain("secret-of-hub");
});

test.each(["harbor", "artifactory", "zot"])(
  "%s: what is at the registry's own host knows us by its login",
  async (name) => {
    const { registry, namespace, way, answer } = of(name);
    const at = listing(answer, logins({ [registry]: {} }));
    const { notes } = await at.list({ registry, namespace, way });
    expect(new Set(at.shown())).toEqual(
      new Set([`${registry} ${basic(registry)}`]),
    );
    expect(notes).toEqual([]);
  },
);

test("quay: a robot's password is not shown to the API, an OAuth token is", async () => {
  const { registry, namespace, answer } = of("quay");
  const robot = listing(answer, logins({ [registry]: {} }));
  await robot.list({ registry, namespace });
  expect(robot.shown()).toEqual([]);
  const user = logins({ [registry]: { username: "$oauthtoken" } as object });
  const token = listing(answer, user);
  await token.list({ registry, namespace });
  expect(new Set(token.shown())).toEqual(
    new Set(["quay.io Bearer secret-of-quay.io"]),
  );
});

test("distribution: the catalogue's own scope is asked for, and no other", async () => {
  const at = listing(
    (url) => {
      if (url.pathname === "/token") return json({ token: "t" });
      return json({ repositories: ["a"] });
    },
    logins({ "reg.example:5000": {} }),
  );
  const challenged = listing(
    (url, { headers }) => {
      if (url.pathname === "/token") return json({ token: "t" });
      if (headers["authorization"] === "Bearer t")
        return json({ repositories: ["a"] });
      return {
        ...json({ errors: [] }, 401),
        headers: {
          "www-authenticate":
            'Bearer realm="https://reg.example:5000/token",service="reg"',
        },
      };
    },
    logins({ "reg.example:5000": {} }),
  );
  await at.list({ registry: "reg.example:5000" });
  expect(at.shown()).toEqual([]);
  expect(
    namesIn(await challenged.list({ registry: "reg.example:5000" })),
  ).toEqual(["a"]);
  expect(challenged.asked()[1]).toBe(
    "GET https://reg.example:5000/token?service=reg&scope=registry%3Acatalog%3A*",
  );
});

test.each([401, 403])(
  "a %s names the host that credentials are wanted for",
  async (status) => {
    const at = listing(() => json({ message: "no" }, status));
    await expect(
      at.list({ registry: "ghcr.io", namespace: "acme" }),
    ).rejects.toMatchObject({
      fault: "denied",
      message: expect.stringMatching(
        /give the provider credentials for "api\.github\.com" .*those of ghcr\.io are not shown to another host/,
      ),
    });
  },
);

test.each([
  ["another host", "https://evil.example/v2/_catalog"],
  ["another scheme", "http://reg.example/v2/_catalog"],
])("a next page at %s is an error, and is not asked", async (_, next) => {
  const at = listing(
    () => ({
      ...json({ repositories: ["a"] }),
      headers: { link: `<${next}>; rel="next"` },
    }),
    logins({ "reg.example": {} }),
  );
  await expect(at.list({ registry: "reg.example" })).rejects.toMatchObject({
    code: "PROTOCOL",
  });
  expect(at.asked()).toHaveLength(1);
});

test("a redirect to another host is not followed", async () => {
  const at = listing(() => ({
    status: 302,
    headers: { location: "https://evil.example/v2/_catalog" },
  }));
  await expect(at.list({ registry: "reg.example" })).rejects.toMatchObject({
    code: "REDIRECT_REFUSED",
  });
});

test("github: an empty list may only mean that the token sees nothing, and the answer says so", async () => {
  const at = listing(() => json([]), logins({ "api.github.com": {} }));
  const listed = await at.list({ registry: "ghcr.io", namespace: "acme" });
  expect(listed).toMatchObject({
    repositories: [],
    notes: [expect.stringContaining("may not list what there is")],
  });
});
