import type { Signer } from "../../../mirror/ports";
import { isObject, type Json } from "../../../oci/json";
import { isGithubWorkflow } from "./builder";
import type { Provenance } from "./read";
import { readSourceUri } from "./sourceUri";

const buildKitTypes: readonly string[] = [
  "https://mobyproject.org/buildkit@v1",
  "https://github.com/moby/buildkit/",
];

/** Which member of GitHub's environment is which extension of the certificate. */
const sameThings: readonly (readonly [string, string])[] = [
  ["event_name", "buildTrigger"],
  ["repository_id", "sourceRepositoryId"],
  ["repository_owner_id", "sourceRepositoryOwnerId"],
  ["runner_environment", "runnerEnvironment"],
];

/** BuildKit writes down what it was given; who signs that later may be somebody else. */
export function isBuildKits({ buildType = "" }: Provenance): boolean {
  return buildKitTypes.some((type) => buildType.startsWith(type));
}

/**
 * What provenance says otherwise than the certificate of the GitHub workflow that signed it, or undefined (T32): the certificate is
 * GitHub's word, the statement its author's. What the certificate does not say is not compared.
 */
export function differenceToCertificate(
  provenance: Provenance,
  signer: Signer,
): string | undefined {
  if (!isGithubWorkflow(signer)) return undefined;
  if (isBuildKits(provenance)) {
    return differenceIn(ownSourcePairs(provenance, signer));
  }
  const { extensions = {} } = signer;
  return differenceIn([
    ...provenance.sources.flatMap((uri) => sourcePair(uri, signer)),
    ...workflowPairs(provenance, signer),
    ...environmentPairs(provenance, signer),
    {
      what: "run",
      said: uriOnly(provenance.invocationId),
      certified: extensions["runInvocationUri"],
    },
  ]);
}

/** What BuildKit was given may be another repository's than the signer's; of the signer's own it says what the certificate says. */
function ownSourcePairs(
  { sources }: Provenance,
  signer: Signer,
): readonly Pair[] {
  return sources
    .map((uri) => sourcePair(uri, signer))
    .filter(([source, ref]) => {
      const isOwn = source.said === source.certified;
      return isOwn && ref.said?.startsWith("refs/");
    })
    .flat();
}

function differenceIn(pairs: readonly Pair[]): string | undefined {
  const wrong = pairs.find(
    ({ said, certified }) =>
      said !== undefined && certified !== undefined && said !== certified,
  );
  return (
    wrong &&
    `its ${wrong.what} is ${shown(wrong.said)}, but its certificate says ${shown(wrong.certified)}`
  );
}

interface Pair {
  readonly what: string;
  readonly said: string | undefined;
  readonly certified: string | undefined;
}

function sourcePair(
  uri: string,
  { extensions = {} }: Signer,
): readonly [source: Pair, ref: Pair] {
  const { workflowRepository, workflowRef } = extensions;
  const older =
    workflowRepository && `https://github.com/${workflowRepository}`;
  const certified = extensions["sourceRepositoryUri"] ?? older;
  const source = readSourceUri(uri);
  return [
    {
      what: "source",
      said: source?.repository ?? uri,
      certified: certified && readSourceUri(certified)?.repository,
    },
    {
      what: "source ref",
      said: source?.ref,
      certified: extensions["sourceRepositoryRef"] ?? workflowRef,
    },
  ];
}

function workflowPairs(
  { workflow }: Provenance,
  { extensions = {} }: Signer,
): readonly Pair[] {
  if (!workflow) return [];
  const repository = readSourceUri(workflow.repository)?.repository;
  const said = `${repository}/${workflow.path}@${workflow.ref}`;
  return [{ what: "workflow", said, certified: extensions["buildConfigUri"] }];
}

function environmentPairs(
  { environment }: Provenance,
  { extensions = {} }: Signer,
): readonly Pair[] {
  const { github } = environment;
  return sameThings.flatMap(([name, extension]) => {
    const seen = [
      isObject(github) ? github[name] : undefined,
      environment[`GITHUB_${name.toUpperCase()}`],
      environment[`github_${name}`],
    ];
    return seen.map((value) => ({
      what: name,
      said: textOrNone(value),
      certified: extensions[extension],
    }));
  });
}

function textOrNone(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function uriOnly(text: string | undefined): string | undefined {
  return text?.startsWith("https://") ? text : undefined;
}

function shown(text: string | undefined): string {
  return JSON.stringify(text);
}
