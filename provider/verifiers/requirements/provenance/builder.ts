import semver from "semver";
import type { Signer } from "../../../mirror/ports";

/** The issuer of the identities of GitHub's workflows. */
export const githubIssuer = "https://token.actions.githubusercontent.com";

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

/** Ties a builder's id to the signer (T32): ids on github.com must be the certificate's own. */
export function pairingOf(builderId: string, signer: Signer): Pairing {
  const { issuer, identity = "" } = signer;
  const isGitHubs = builderId.startsWith("https://github.com/");
  if (issuer !== githubIssuer || !isGitHubs) return "by-policy";
  if (builderId === identity) {
    // slsa-framework's builders count at their released versions only
    const counts = !isGenerator(identity) || isReleased(identity);
    return counts ? "identity" : "none";
  }
  if (isRunnerOf(builderId, signer)) return "runner";
  return isDelegator(identity) && isReleased(builderId) ? "delegated" : "none";
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

/** Whether the id is one of slsa-framework's own builders. */
export function isGenerator(builderId: string): boolean {
  return builderId.startsWith(generator);
}
