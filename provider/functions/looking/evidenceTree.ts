import { partsOf } from "../../mirror/inside";
import type { Node } from "../../mirror/ports";
import { signerText } from "../../mirror/refusal";
import { childrenOf } from "../../oci/manifest";
import { bytesText } from "../../resources/mirroring/words";
import type { ReferrerEntry } from "../getReferrersShape";
import { drawTree, type Branch } from "./drawTree";
import { foreignWord, foreignWords } from "./foreignWord";
import { kindOf } from "./kinds";
import type { Seen } from "./look";
import { totalSize } from "./sizes";

/** Draws an artifact with its manifests, and on each what is said about it. */
export function evidenceTree(
  { artifact, ref }: Seen,
  entries: readonly ReferrerEntry[],
): string {
  const about = Map.groupBy(entries, ({ parent }) => parent);
  const evidence = new Set(entries.map(({ digest }) => digest));
  const nodes = new Map(
    artifact.manifests.map((node) => [node.descriptor.digest, node]),
  );
  const names = new Map(
    partsOf(artifact).map(({ name, node }) => [node.descriptor.digest, name]),
  );
  const met = new Set<string>();
  const said = (digest: string): Branch[] => {
    if (met.has(digest)) return [];
    met.add(digest);
    const listed = about.get(digest) ?? [];
    return listed.map((one) => ({
      line: lineOf(one),
      below: said(one.digest),
    }));
  };
  const branch = (node: Node, line: string): Branch => {
    const own = said(node.descriptor.digest);
    const parts = childrenOf(node.manifest).flatMap(({ digest }) => {
      const next = nodes.get(digest);
      if (!next || evidence.has(digest) || met.has(digest)) return [];
      return [branch(next, contentLine(next, names.get(digest)))];
    });
    return { line, below: [...own, ...parts] };
  };
  const size = bytesText(totalSize(artifact.manifests));
  const kind = kindOf(artifact.root.manifest);
  return drawTree(branch(artifact.root, `${ref}  ${kind}, ${size}`));
}

function contentLine(node: Node, name: string | undefined): string {
  const { digest } = node.descriptor;
  const word =
    name === undefined || name === digest
      ? kindOf(node.manifest)
      : foreignWord(name);
  return `${word}  ${shortDigest(digest)}  ${bytesText(totalSize([node]))}`;
}

function lineOf(entry: ReferrerEntry): string {
  const { kind, digest, totalSize: size } = entry;
  return [
    `${kind}  ${shortDigest(digest)}`,
    typeOf(entry),
    ...(entry.tag === undefined ? [] : [`under cosign's .${entry.via} tag`]),
    ...(entry.via === "child" ? ["inside the artifact"] : []),
    bytesText(size),
    ...signedBy(entry),
  ].join("  ");
}

/** What tells most: the statement, else how it is written; a config's type under cosign's tags says nothing. */
function typeOf(entry: ReferrerEntry): string {
  const { predicateTypes, artifactType, claimed, tag } = entry;
  const [first, ...others] = predicateTypes;
  const format = tag === undefined ? undefined : claimed[0]?.format;
  if (first === undefined) return foreignWord(format ?? artifactType);
  const said = foreignWord(first);
  return others.length > 0 ? `${said} and ${others.length} more` : said;
}

/** Who signed: proven where a policy's authority has verified it, else only claimed. */
function signedBy({ proven, claimed }: ReferrerEntry): readonly string[] {
  if (proven.length > 0)
    return [`proven: signed by ${listed(proven.map(signerText))}`];
  const [problem] = claimed.flatMap((one) => one.problem ?? []);
  const names = claimed
    .filter((one) => one.problem === undefined)
    .map((one) =>
      isNamed(one) ? signerText(one) : "a key that it does not name",
    );
  if (names.length > 0) return [`unproven: claims ${listed(names)}`];
  return problem === undefined ? [] : [`unreadable: ${foreignWords(problem)}`];
}

function isNamed({
  identity,
  subject,
  keyId,
}: ReferrerEntry["claimed"][number]) {
  return (identity ?? subject ?? keyId) !== undefined;
}

const maxNames = 3;

function listed(names: readonly string[]): string {
  const unique = [...new Set(names.map(foreignWords))];
  const more = unique.length - maxNames;
  const shown = unique.slice(0, maxNames).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Enough to tell two of them apart by eye; the whole one is in the list. */
function shortDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 13);
}
