import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";
import { MirrorError } from "../../../mirror/errors";

/** The plugin's name in a program's `Pulumi.yaml`. */
const name = "artifact-mirror";

/** The project file with our plugin's path under `plugins.providers`, everything else as it was; the same text when it stood there already. Throws when another path does. */
export function withPluginEntry(text: string, path: string): string {
  const project = parseDocument(text);
  const [problem] = project.errors;
  if (problem) throw refusal(problem.message, "mend it, then run init again");
  if (!isMap(project.contents))
    throw refusal(
      "it is not a YAML mapping",
      "write a project name and a runtime first",
    );
  const untouched = canAppend(project);
  const found = entryPath(project);
  if (found !== undefined && samePath(found, path)) return text;
  if (found !== undefined)
    throw refusal(
      `plugins.providers already has ${name} with the path ${JSON.stringify(found)}, and the installed package is at ${JSON.stringify(path)}`,
      "remove that entry, then run init again",
    );
  const written = untouched ? appended(text, path) : inserted(project, path);
  return text.includes("\r\n") ? written.replaceAll(/\r?\n/g, "\r\n") : written;
}

/** Nearly every project: no plugins yet, so that not a byte of it need change. */
function canAppend(project: Document<Node, boolean>): boolean {
  const block = isMap(project.contents) && project.contents.flow !== true;
  return block && !project.has("plugins") && !project.directives?.docEnd;
}

function appended(text: string, path: string): string {
  const end = text.endsWith("\n") ? "" : "\n";
  return text + end + stringify({ plugins: { providers: [{ name, path }] } });
}

function inserted(project: Document<Node, boolean>, path: string): string {
  if (!project.hasIn(["plugins", "providers"]))
    project.setIn(["plugins", "providers"], project.createNode([]));
  project.addIn(["plugins", "providers"], project.createNode({ name, path }));
  return project.toString({ lineWidth: 0 });
}

/** The path our entry has; `""` for an entry without one; undefined when there is no entry. */
function entryPath(project: Document<Node, boolean>): string | undefined {
  const plugins = child(project, ["plugins"]);
  if (plugins !== undefined && !isMap(plugins))
    throw notA("plugins", "mapping");
  const providers = child(project, ["plugins", "providers"]);
  if (providers === undefined) return undefined;
  if (!isSeq(providers)) throw notA("plugins.providers", "list");
  const entry = providers.items.find(
    (item): item is YAMLMap => isMap(item) && item.get("name") === name,
  );
  if (entry === undefined) return undefined;
  const path = entry.get("path");
  return typeof path === "string" ? path : "";
}

/** An empty key (`plugins:`) counts as absent, and is dropped to make room. */
function child(
  project: Document<Node, boolean>,
  keys: readonly string[],
): unknown {
  const node = project.getIn(keys, true);
  if (!isScalar(node) || node.value !== null) return node;
  project.deleteIn(keys);
  return undefined;
}

function samePath(left: string, right: string): boolean {
  const plain = (path: string) =>
    path.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/$/, "");
  return plain(left) === plain(right);
}

function notA(key: string, kind: string): MirrorError {
  return refusal(
    `${key} is not a ${kind}`,
    `make it a ${kind}, then run init again`,
  );
}

function refusal(why: string, remedy: string): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not add the plugin to the project file",
    why,
    remedy,
  });
}
