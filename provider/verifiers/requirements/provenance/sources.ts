import {
  asArray,
  asObject,
  optionalString,
  requiredString,
  type JsonObject,
} from "../../../oci/json";
import { MalformedError } from "../../../oci/malformed";
import { memberOf, type Parts } from "./parts";
import { isGit } from "./sourceUri";

/** A workflow of GitHub, as provenance names it. */
export interface Workflow {
  /** a source URI without a ref */
  readonly repository: string;
  /** inside the repository: `.github/workflows/release.yml` */
  readonly path: string;
  readonly ref: string;
}

/** The build types whose one external parameter is the workflow; the older is npm's. */
const githubTypes: readonly string[] = [
  "https://actions.github.io/buildtypes/workflow/v1",
  "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
];
const generatorTypes =
  "https://github.com/slsa-framework/slsa-github-generator";
const folder = ".github/workflows/";
const workflowRef = /^([^/@]+\/[^/@]+)\/([^@]+)@(.+)$/s;
const buildKitMetadata = "https://mobyproject.org/buildkit@v1#metadata";

/** Each URI by which provenance names what was built, as it stands. */
export function sourcesOf(parts: Parts): readonly string[] {
  const workflow = workflowOf(parts);
  const named = [
    uriOf(parts.configSource, "configSource"),
    uriOf(memberOf(parts.parameters, "configSource"), "configSource"),
    sourceParameter(parts.parameters),
    workflow && `${workflow.repository}@${workflow.ref}`,
    firstMaterial(parts),
  ];
  const found = named.filter((uri) => uri !== undefined);
  return found.length > 0 ? [...new Set(found)] : buildKitSource(parts);
}

/** The workflow that ran: by GitHub's own build type, by the generators of slsa-framework, or by npm's. */
export function workflowOf(parts: Parts): Workflow | undefined {
  const { parameters, environment, configSource, buildType = "" } = parts;
  if (githubTypes.includes(buildType)) {
    const workflow = memberOf(parameters, "workflow");
    return {
      repository: requiredString(workflow, "repository", "workflow"),
      path: requiredString(workflow, "path", "workflow"),
      ref: requiredString(workflow, "ref", "workflow"),
    };
  }
  const written = environment["GITHUB_WORKFLOW_REF"];
  const [, name, file, at] = isText(written)
    ? (workflowRef.exec(written) ?? [])
    : [];
  if (name && file && at) {
    return { repository: `https://github.com/${name}`, path: file, ref: at };
  }
  return workflowOfConfig(configSource);
}

function workflowOfConfig(configSource: JsonObject): Workflow | undefined {
  const { uri, entryPoint } = configSource;
  if (!isText(uri) || !isText(entryPoint)) return undefined;
  const [repository = "", ref] = uri.split(/@(.*)/s);
  return entryPoint.startsWith(folder) && ref
    ? { repository, path: entryPoint, ref }
    : undefined;
}

/** The container-based builder's own member. */
function sourceParameter(parameters: JsonObject): string | undefined {
  const { source } = parameters;
  if (isText(source)) return isGit(source) ? source : undefined;
  return uriOf(memberOf(parameters, "source"), "source");
}

/** What GitHub's builders resolved first is the source, and must be there; others may resolve packages first. */
function firstMaterial(parts: Parts): string | undefined {
  const { materials, buildType = "" } = parts;
  const isSource =
    githubTypes.includes(buildType) || buildType.startsWith(generatorTypes);
  const [first] = asArray(materials, "materials");
  if (first === undefined && !isSource) return undefined;
  const uri = uriOf(asObject(first, "materials[0]"), "materials[0]");
  return uri !== undefined && (isSource || isGit(uri)) ? uri : undefined;
}

/** Where BuildKit built a local folder: what its client says about it. */
function buildKitSource({ metadata }: Parts): readonly string[] {
  const own = { ...memberOf(metadata, buildKitMetadata) };
  const vcs = memberOf(
    { ...own, ...memberOf(metadata, "buildkit_metadata") },
    "vcs",
  );
  const source = optionalString(vcs, "source", "vcs");
  return source === undefined ? [] : [source];
}

/** A member that is there must be one: what is null or empty is not left out. */
function uriOf(object: JsonObject, at: string): string | undefined {
  if (!Object.hasOwn(object, "uri")) return undefined;
  const uri = requiredString(object, "uri", at);
  if (uri === "") throw new MalformedError("json", `${at}.uri is empty`);
  return uri;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
