import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import { policySchema } from "../../../provider/verifiers/policy";
import { image } from "../../samples/artifacts";
import { signatureLayer } from "../../samples/legacyEvidence";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { authorityOf, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const actions = "https://token.actions.githubusercontent.com";
const release = ".github/workflows/release.yml";
const tag = "refs/tags/v1.4.2";

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

interface Certified {
  readonly issuer?: string;
  readonly identity?: string;
  readonly source?: string | undefined;
  readonly ref?: string | undefined;
}

/** What an authority says about a signature by a certificate of GitHub Actions. */
async function judged(input: AuthorityInput, certified: Certified = {}) {
  const {
    issuer = actions,
    identity = `https://github.com/acme/app/${release}@${tag}`,
  } = certified;
  const source =
    "source" in certified ? certified.source : "https://github.com/acme/app";
  const ref = "ref" in certified ? certified.ref : tag;
  const signer = await world.keyless({
    issuer,
    identity,
    extensions: Object.fromEntries(
      Object.entries({ 12: source, 14: ref }).flatMap(([number, value]) =>
        value === undefined ? [] : [[number, value]],
      ),
    ),
  });
  const layer = await signatureLayer(subject, signer, { log: world });
  return verdictOn(input, evidenceOf(subject, layer, "sig"));
}

const outcome = async (input: AuthorityInput, certified: Certified = {}) => {
  const answer = await judged(input, certified);
  return answer.outcome === "authenticated" ? "OK" : answer.code;
};

function github(settings: object): AuthorityInput {
  const trustedRoots = [world.trustedRoot];
  return {
    github: { repository: "acme/app", ...settings, trustedRoots },
  };
}

function gitlab(settings: object): AuthorityInput {
  const trustedRoots = [world.trustedRoot];
  return {
    gitlab: { project: "acme/team/app", ...settings, trustedRoots },
  };
}

test.each([
  {},
  { workflow: "release.yml" },
  { workflow: release },
  { workflow: `acme/app/${release}` },
  { ref: tag },
  { ref: "refs/tags/v*" },
  { workflow: "release.yml", ref: "refs/**" },
])(
  "github %j takes what the repository's workflow signed",
  async (settings) => {
    expect(await outcome(github(settings))).toBe("OK");
  },
);

test.each<[string, Certified]>([
  ["another issuer", { issuer: "https://accounts.example" }],
  [
    "a repository that only begins alike",
    { identity: `https://github.com/acme/app-evil/${release}@${tag}` },
  ],
  [
    "a repository that only ends alike",
    { identity: `https://github.com/evil/acme/app/${release}@${tag}` },
  ],
  [
    "a repository with another letter for its dot",
    { identity: `https://githubxcom/acme/app/${release}@${tag}` },
  ],
  [
    "the repository in a query",
    {
      identity: `https://evil.example/?https://github.com/acme/app/${release}@${tag}`,
    },
  ],
  [
    "a workflow outside of the workflows' folder",
    {
      identity: `https://github.com/acme/app/.github/workflows/a/release.yml@${tag}`,
    },
  ],
  [
    "another workflow's file that ends alike",
    {
      identity: `https://github.com/acme/app/.github/workflows/prerelease.yml@${tag}`,
    },
  ],
  [
    "a dot of the file that is another letter",
    {
      identity: `https://github.com/acme/app/.github/workflows/releasexyml@${tag}`,
    },
  ],
  [
    "a branch instead of a tag",
    {
      identity: `https://github.com/acme/app/${release}@refs/heads/main`,
      ref: "refs/heads/main",
    },
  ],
  ["a source ref that differs from the workflow's", { ref: "refs/heads/main" }],
  ["a ref below the wanted one", { ref: `${tag}/more` }],
  ["no source ref", { ref: undefined }],
  ["another source repository", { source: "https://github.com/acme/other" }],
  [
    "a source repository that only begins alike",
    { source: "https://github.com/acme/app-evil" },
  ],
  ["no source repository", { source: undefined }],
])("T6, T7: github refuses %s", async (_, certified) => {
  const wanted = github({ workflow: "release.yml", ref: "refs/tags/v*" });
  expect(await outcome(wanted, certified)).toBe("IDENTITY_MISMATCH");
});

describe("a reusable workflow of another repository", () => {
  const shared = "acme/ci/.github/workflows/build.yml";
  const identity = `https://github.com/${shared}@refs/tags/v7`;

  test.each([
    { workflow: shared },
    { workflow: `${shared}@refs/tags/v7` },
    { workflow: `${shared}@refs/tags/v*`, ref: "refs/tags/v1.4.2" },
  ])("signs for the repository that calls it: %j", async (settings) => {
    expect(await outcome(github(settings), { identity })).toBe("OK");
  });

  test.each([
    {},
    { workflow: "build.yml" },
    { workflow: `${shared}@refs/tags/v8` },
    { workflow: "acme/ci/.github/workflows/other.yml" },
    { workflow: shared, repository: "acme/other" },
    { workflow: shared, ref: "refs/tags/v7" },
  ])("is not what %j asks for", async (settings) => {
    expect(await outcome(github(settings), { identity })).toBe(
      "IDENTITY_MISMATCH",
    );
  });
});

test.each([
  ["acme.ghe.com", "https://token.actions.acme.ghe.com"],
  ["git.acme.example", "https://git.acme.example/_services/token"],
])("the host %s has the issuer %s", async (host, issuer) => {
  const certified = {
    issuer,
    identity: `https://${host}/acme/app/${release}@${tag}`,
    source: `https://${host}/acme/app`,
  };
  expect(await outcome(github({ host }), certified)).toBe("OK");
  expect(await outcome(github({}), certified)).toBe("IDENTITY_MISMATCH");
});

test("an enterprise may have an issuer of its own", async () => {
  const certified = { issuer: `${actions}/acme-inc` };
  expect(await outcome(github({ enterprise: "acme-inc" }), certified)).toBe(
    "OK",
  );
  expect(await outcome(github({}), certified)).toBe("IDENTITY_MISMATCH");
  expect(await outcome(github({ enterprise: "acme-inc" }))).toBe(
    "IDENTITY_MISMATCH",
  );
});

describe("gitlab", () => {
  const main = "refs/heads/main";
  const certified = {
    issuer: "https://gitlab.com",
    identity: `https://gitlab.com/acme/team/app//.gitlab-ci.yml@${main}`,
    source: "https://gitlab.com/acme/team/app",
    ref: main,
  };

  test.each([
    {},
    { config: ".gitlab-ci.yml" },
    { ref: main },
    { ref: "refs/heads/*" },
  ])("%j takes what the project's pipeline signed", async (settings) => {
    expect(await outcome(gitlab(settings), certified)).toBe("OK");
  });

  test.each([
    [{ config: "ci/build.yml" }, certified],
    [{ ref: "refs/tags/*" }, certified],
    [{ project: "acme/team" }, certified],
    [{ host: "gitlab.acme.example" }, certified],
    [{}, { ...certified, source: "https://gitlab.com/acme/team/app2" }],
    [
      {},
      {
        ...certified,
        identity: `https://gitlab.com/acme/team/app/x//.gitlab-ci.yml@${main}`,
      },
    ],
  ])("T6, T7: %j refuses %j", async (settings, other) => {
    expect(await outcome(gitlab(settings), other)).toBe("IDENTITY_MISMATCH");
  });

  test("a configuration of another project signs for the one that was built", async () => {
    const identity = `https://gitlab.com/acme/ci//build.yml@${main}`;
    const shared = gitlab({ config: "acme/ci//build.yml" });
    expect(await outcome(shared, { ...certified, identity })).toBe("OK");
    const wrong = { ...certified, identity, source: "https://gitlab.com/x/y" };
    expect(await outcome(shared, wrong)).toBe("IDENTITY_MISMATCH");
  });
});

test("the expansion stands in what is wanted and in the report", async () => {
  const input = github({ workflow: "release.yml", ref: "refs/tags/v*" });
  const identity =
    "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v*";
  const { wants } = await authorityOf(input);
  expect(wants).toBe(`${identity} (${actions})`);
  expect(await judged(input)).toMatchObject({
    notes: [
      `github expands to issuer ${actions}, identity ${identity}, sourceRepositoryUri https://github.com/acme/app, sourceRepositoryRef refs/tags/v*`,
    ],
  });
});

test.each([
  { github: { repository: "acme" } },
  { github: { repository: "acme/app/x" } },
  { github: { repository: "acme/.." } },
  { github: { repository: "https://github.com/acme/app" } },
  { github: { repository: "acme/*" } },
  { github: { repository: "acme/app", workflow: "release" } },
  { github: { repository: "acme/app", workflow: "../release.yml" } },
  { github: { repository: "acme/app", workflow: "other/release.yml" } },
  { github: { repository: "acme/app", ref: "main" } },
  { github: { repository: "acme/app", ref: "refs/heads/a b" } },
  { github: { repository: "acme/app", host: "GitHub.com/evil" } },
  { github: { repository: "acme/app", enterprise: "a/b" } },
  {
    github: { repository: "acme/app", enterprise: "a", host: "acme.ghe.com" },
  },
  { gitlab: { project: "app" } },
  { gitlab: { project: "acme/app", config: "//build.yml" } },
  { gitlab: { project: "acme/app", config: "build.sh" } },
])("%j cannot be meant and is refused", (authority) => {
  expect(policySchema.safeParse({ signedBy: [authority] }).success).toBe(false);
});

test.each([
  { github: { repository: "acme/app", workflow: "release.yml@refs/tags/v1" } },
  { gitlab: { project: "acme/app", config: "ci.yml@refs/tags/v1" } },
])("the ref of one's own workflow is said by ref: %j", async (authority) => {
  const problems = await examinePolicy({ signedBy: [authority] });
  expect(problems).toMatchObject([
    { reason: expect.stringMatching(/names a ref: .* say ref/) },
  ]);
});
