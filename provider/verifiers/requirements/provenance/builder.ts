import semver from "semver";
import type { Signer } from "../../../mirror/ports";

/** The issuers of the identities of GitHub's workflows: github.com's, also for one enterprise, a tenant's of ghe.com, a server's of one's own. */
const githubIssuer =
  /^https:\/\/(?:token\.actions\.githubusercontent\.com(?:\/[A-Za-z0-9_-]+)?|token\.actions\.[a-z0-9-]+\.ghe\.com|[^/]+\/_services\/token)$/;

/** Whether a GitHub workflow has signed, so that its certificate says what was built. */
export function isGithubWorkflow({ issuer = "" }: Signer): boolean {
  return githubIssuer.test(issuer);
}

const generator =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";
const delegators: readonly string[] = [
  `${generator}delegator_generic_slsa3.yml`,
  `${generator}delegator_lowperms-generic_slsa3.yml`,
];
const runner = "https://github.com/actions/runner";

/** A builder's id, and the version of it. */
export interface BuilderId {
  readonly name: string;
  readonly version?: string;
}

/** Reads `name@version`; undefined where there is more than one `@` or nothing behind it. */
function readBuilderId(text: string): BuilderId | undefined {
  const [name = "", version, ...more] = text.split("@");
  if (name === "" || version === "" || more.length > 0) return undefined;
  return { name, ...(version !== undefined && { version }) };
}

/** Whether a builder is the wanted one: by its whole name and, where a version is wanted, by that; `v1.2.3` stands for `refs/tags/v1.2.3`. */
export function isBuilder(wanted: string, seen: string): boolean {
  if (wanted === seen) return true;
  const one = readBuilderId(wanted);
  const other = readBuilderId(seen);
  if (!one || !other || one.name !== other.name) return false;
  const { version } = one;
  return (
    version === undefined ||
    version === other.version ||
    `refs/tags/${version}` === other.version
  );
}

/** How a builder's id is tied to whoever signed. */
export type Pairing =
  /** the id is the identity in the certificate */
  | "identity"
  /** GitHub's runner signed, and the certificate says which kind it was */
  | "runner"
  /** slsa-framework's delegator signed for it */
  | "delegated"
  /** nothing in the certificate says so: the policy pairs them */
  | "by-policy"
  /** the certificate says otherwise */
  | "none";

/** Ties a builder's id to the signer (T32): ids on github.com, or on the signer's own host, must be the certificate's own. */
export function pairingOf(builderId: string, signer: Signer): Pairing {
  const { identity = "" } = signer;
  if (!isGithubWorkflow(signer) || !isOnGithub(builderId, identity)) {
    return "by-policy";
  }
  if (builderId === identity) {
    // slsa-framework's builders count at their released versions only
    const counts = !isGenerator(identity) || isReleased(identity);
    return counts ? "identity" : "none";
  }
  if (isRunnerOf(builderId, signer)) return "runner";
  return isDelegator(identity) && isReleased(builderId) ? "delegated" : "none";
}

function isOnGithub(builderId: string, identity: string): boolean {
  const [own = "https://github.com/"] =
    /^https:\/\/[^/]+\//.exec(identity) ?? [];
  const sites = ["https://github.com/", own];
  return sites.some((site) => builderId.startsWith(site));
}

function isDelegator(identity: string): boolean {
  const { name = "" } = readBuilderId(identity) ?? {};
  return delegators.includes(name) && isReleased(identity);
}

/** Whether the id is the kind of runner that the certificate names; the older id means a hosted one. */
function isRunnerOf(builderId: string, { extensions = {} }: Signer): boolean {
  const { runnerEnvironment } = extensions;
  if (runnerEnvironment === undefined) return false;
  if (builderId === `${runner}/${runnerEnvironment}`) return true;
  return builderId === runner && runnerEnvironment === "github-hosted";
}

const java = /^(https:\/\/github\.com\/jreleaser\/release-action\/.*)-java$/;

/** Whether the id ends in the tag of a released version; JReleaser's end in `-java`. */
function isReleased(builderId: string): boolean {
  const id = builderId.replace(java, "$1");
  const tag = readBuilderId(id)?.version?.replace(/^refs\/tags\/v/, "");
  return tag !== undefined && semver.valid(tag) === tag && !tag.includes("-");
}

/** Whether the id is a workflow's, or a runner's, which stand for how something was built; other ids on github.com name a run. */
export function isWorkflowOrRunner(builderId: string): boolean {
  return (
    builderId.includes("/.github/workflows/") || builderId.includes(runner)
  );
}

/** Whether the id is one of slsa-framework's own builders. */
export function isGenerator(builderId: string): boolean {
  return builderId.startsWith(generator);
}
