import type { Credential } from "../../../provider/mirror/credential";
import { MirrorError } from "../../../provider/mirror/errors";
import { describeCredential } from "../../../provider/stores/registry/login/describe";
import { challenge, world } from "./gateWorld";
import { startRegistry } from "../../registry/registry";
import { mirrorUser, opened, referenceTo } from "./opened";

const found: Credential = { ...mirrorUser, source: "docker's file" };
const nobody: Credential = {
  kind: "anonymous",
  id: "anonymous",
  source: "nowhere",
  tried: ["DOCKER_AUTH_CONFIG", "docker's file"],
};

test.each([
  ["nobody is asked", undefined, "anonymously"],
  [
    "nobody has one",
    nobody,
    "anonymously: no credential was found in DOCKER_AUTH_CONFIG, docker's file",
  ],
  [
    "an entry says so",
    { ...nobody, source: "the entry ghcr.io" },
    "anonymously, as the entry ghcr.io has it",
  ],
  ["the first has one", found, "with the credential from docker's file"],
  [
    "the third has one",
    { ...found, tried: ["A", "B"] },
    "with the credential from docker's file (none was found before it in A, B)",
  ],
] as const)(
  "which credential was used, in words: %s",
  (_, credential, words) => {
    expect(describeCredential(credential)).toBe(words);
  },
);

const refusedBy = async (
  credential: Credential | undefined,
  status: number,
): Promise<unknown> => {
  const { ask } = world({
    credential,
    token: () => ({ status }),
    answer: ({ url, headers }) =>
      url.pathname !== "/token" && headers["authorization"] === undefined
        ? { status: 401, headers: { "www-authenticate": challenge } }
        : undefined,
  });
  return ask().catch((error: unknown) => error);
};

test.each([
  [
    "a login",
    { ...found, tried: ["A"] },
    401,
    "AUTH_DENIED",
    /with the credential from docker's file \(none was found before it in A\) for repository:team\/app:pull; check that this account may do so, and that its secret is current; if it is public, `{ registry, anonymous: true }`/,
  ],
  [
    "nobody",
    nobody,
    401,
    "AUTH_REQUIRED",
    /no credential was found in DOCKER_AUTH_CONFIG, docker's file for .*; give the provider credentials for this repository, or log in/,
  ],
  [
    "nobody, because an entry says so",
    { ...nobody, source: "the entry ghcr.io" },
    401,
    "AUTH_REQUIRED",
    /as the entry ghcr.io has it for .*; put a login in the place of `anonymous` there/,
  ],
  [
    "nobody, with 403",
    nobody,
    403,
    "AUTH_DENIED",
    /check the name, and give the provider credentials if it is not public/,
  ],
] as const)(
  "the token server refuses %s: the message says who was asked and what to do",
  async (_, credential, status, code, words) => {
    const failure = await refusedBy(credential, status);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).toMatch(words);
  },
);

test("N16: a source of credentials that is broken is told with the side and the reference that it was wanted for", async () => {
  const broken = new MirrorError({
    fault: "invalid",
    code: "CREDENTIALS",
    what: "could not read credentials from docker's file",
    why: "it is not JSON",
    remedy: "mend it",
  });
  const registry = await startRegistry({ auth: "basic" });
  const { registries, reach, network } = opened([registry.host], {
    credentials: () => Promise.reject(broken),
  });
  const reference = `${registry.host}/team/app:1`;
  const source = registries(referenceTo(reference), {
    side: "source",
    isWriter: false,
  });
  const failure = await source
    .resolve("1", reach)
    .catch((error: unknown) => String(error));
  await network.close();
  await registry.close();
  expect(failure).toContain(
    `could not read credentials from docker's file: source ${reference}: it is not JSON; mend it`,
  );
});

test("§4.2.8: sources are read again after five minutes, and not before", async () => {
  let times = 0;
  const { ask, clock } = world({
    credential: async () => {
      times += 1;
      return mirrorUser;
    },
  });
  await ask();
  clock.advance(4 * 60_000);
  await ask();
  expect(times).toBe(1);
  clock.advance(61_000);
  await ask();
  expect(times).toBe(2);
});
