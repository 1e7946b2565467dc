import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProviderConfig } from "../../../provider/hosts/config";
import type { Values } from "../../../provider/mirror/lifecycle";
import type { RegistryOptions } from "../../registry/options";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { attachReferrer } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { inRegistry, put } from "../../samples/target";
import { openProcess, type Process } from "../requests/process";
import { keyOf, vendor } from "../verifiers/judging";

const artifact = image({ seed: "journal" });

interface Scene {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  readonly process: Process;
  readonly inputs: Values;
}

// who logged in on this machine does not matter here
const home = process.env["HOME"];
beforeAll(() => {
  process.env["HOME"] = join(tmpdir(), "nobody-at-home");
});
afterAll(() => {
  process.env["HOME"] = home;
});

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A signed image in one registry, to be mirrored into another one. */
async function scene(
  from: RegistryOptions,
  to: RegistryOptions,
  config?: ProviderConfig,
): Promise<Scene> {
  const source = await startRegistry(from);
  const destination = await startRegistry(to);
  const place = inRegistry(source, "acme/app");
  await put(place, artifact, "1");
  await attachReferrer(
    place,
    await bundleReferrer(artifact.descriptor, vendor),
  );
  const process = openProcess([source, destination], config);
  open.push(process, source, destination);
  const inputs = {
    source: `${source.host}/acme/app:1`,
    destination: `${destination.host}/mirror/app:1`,
    policy: { signedBy: [keyOf(vendor)] },
  };
  return { source, destination, process, inputs };
}

/** Every scope that a token server was asked for, once. */
const scopesAt = ({ requests }: TestRegistry): readonly string[] =>
  [...new Set(requests.flatMap(({ scopesAsked = [] }) => scopesAsked))].sort();

test("W40: a preview asks for pull, and no more, on both sides", async () => {
  const { source, destination, process, inputs } = await scene(
    { auth: "token" },
    { auth: "token" },
  );
  await process.preview(inputs);
  expect(scopesAt(source)).toEqual(["repository:acme/app:pull"]);
  expect(scopesAt(destination)).toEqual(["repository:mirror/app:pull"]);
});

test("W40, W44, F15: an update asks for push at the destination alone, in its own repository, and nowhere for the catalog or to delete", async () => {
  const { source, destination, process, inputs } = await scene(
    { auth: "token" },
    { auth: "token" },
  );
  await process.up(inputs);
  expect(destination.tag("mirror/app", "1")).toBe(artifact.descriptor.digest);
  expect(scopesAt(source)).toEqual(["repository:acme/app:pull"]);
  expect(scopesAt(destination)).toEqual(["repository:mirror/app:pull,push"]);
});

test("§4.2.6: each side sees its own login, and never the other's", async () => {
  const users = (name: string): RegistryOptions => ({
    auth: "basic",
    users: { [name]: { password: name, allows: ["*:*:*"] } },
  });
  const world = await scene(users("reader"), users("writer"), {
    credentials: [],
  });
  const { source, destination, inputs } = world;
  const process = openProcess([source, destination], {
    credentials: [
      { registry: source.host, username: "reader", password: "reader" },
      { registry: destination.host, username: "writer", password: "writer" },
    ],
  });
  open.unshift(process);
  await process.up(inputs);
  const usersAt = ({ requests }: TestRegistry) =>
    new Set(requests.flatMap(({ authorization }) => authorization?.user ?? []));
  expect(usersAt(source)).toEqual(new Set(["reader"]));
  expect(usersAt(destination)).toEqual(new Set(["writer"]));
});

test("F59, N54: in one registry every call about a repository is by that repository's login, and nothing is mounted over", async () => {
  const users = Object.fromEntries(
    ["acme", "mirror"].map((name) => [
      name,
      { password: name, allows: [`repository:${name}/*:*`] },
    ]),
  );
  const { source, inputs } = await scene({ auth: "basic", users }, {});
  const process = openProcess([source], {
    credentials: Object.keys(users).map((name) => ({
      registry: `${source.host}/${name}`,
      username: name,
      password: name,
    })),
  });
  open.unshift(process);
  await process.up({ ...inputs, destination: `${source.host}/mirror/app:1` });
  expect(source.tag("mirror/app", "1")).toBe(artifact.descriptor.digest);
  const shown = source.requests.flatMap(({ path, authorization }) =>
    authorization ? [`${path.split("/")[2]} by ${authorization.user}`] : [],
  );
  expect(new Set(shown)).toEqual(new Set(["acme by acme", "mirror by mirror"]));
  expect(source.requests.map(({ query }) => query).join()).not.toContain(
    "from=acme",
  );
});

const reader = { mirror: { password: "secret", allows: ["*:*:pull"] } };
const other = { other: { password: "other", allows: ["*:*:*"] } };
const ours = "the provider's `credentials`, entry 127\\.0\\.0\\.1:\\d+";

test.each<
  [string, RegistryOptions, RegistryOptions, ProviderConfig, string, string]
>([
  [
    "a wrong password, at the source's token server",
    { auth: "token", users: other },
    {},
    {},
    "AUTH_DENIED",
    `source 127.*: the token server .* answered HTTP 401 .*asked with the credential from ${ours} for repository:acme/app:pull; check that this account may do so, and that its secret is current; if it is public, .*anonymous: true`,
  ],
  [
    "a wrong password, by Basic at the source",
    { auth: "basic", users: other },
    {},
    {},
    "AUTH_DENIED",
    `source 127.*HTTP 401 .*asked with the credential from ${ours}; check that this account.*anonymous: true`,
  ],
  [
    "no password at all, at the source's token server",
    { auth: "token" },
    {},
    { credentials: [] },
    "AUTH_REQUIRED",
    "source 127.*HTTP 401 .*asked anonymously: no credential was found in .*auth\\.json, .*config\\.json.*; give the provider credentials for this repository, or log in to the registry",
  ],
  [
    "no password at all, where the source wants Basic",
    { auth: "basic" },
    {},
    { credentials: [] },
    "AUTH_REQUIRED",
    "source 127.*HTTP 401 .*asked anonymously: no credential was found in .*config\\.json",
  ],
  [
    "a reader's password, at the destination's token server",
    {},
    { auth: "token", users: reader },
    {},
    "AUTH_DENIED",
    `destination 127.*HTTP 401 .*asked with the credential from ${ours}; check that this account may do so, and that its secret is current$`,
  ],
  [
    "a reader's password, by Basic at the destination",
    {},
    { auth: "basic", users: reader },
    {},
    "AUTH_DENIED",
    `destination 127.*HTTP 40[13] .*asked with the credential from ${ours}; check that this account may do so, and that its secret is current$`,
  ],
])(
  "%s: the message says which side, which credential or who was asked, and what to do",
  async (_, from, to, config, code, words) => {
    const { process, inputs } = await scene(from, to, config);
    const failure: unknown = await process.up(inputs).catch((error) => error);
    expect(failure).toMatchObject({ code, fault: "denied" });
    expect(failure instanceof Error ? failure.message : "").toMatch(
      new RegExp(words),
    );
  },
);
