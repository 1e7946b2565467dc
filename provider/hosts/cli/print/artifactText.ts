import type { z } from "zod";
import { outputs } from "../../../functions/getArtifactShape";
import { bytesText } from "../../../resources/mirroring/words";
import type { Values } from "../../../mirror/lifecycle";
import { printable } from "../../../mirror/printable";
import { paintFor, type Paint } from "./paint";
import { table, type Cell } from "./table";
import type { Terminal } from "../terminal";

type Answer = z.infer<typeof outputs>;
type Row = readonly (string | Cell)[];

/** The answer of `getArtifact` for a person. */
export function artifactText(values: Values, terminal: Terminal): string {
  const answer = outputs.parse(values);
  const paint = paintFor(terminal);
  const blocks = [
    paint.bold(printable(answer.ref)),
    table(factsOf(answer, paint)),
    block("manifests", manifestsOf(answer, paint), paint),
    block("layers", layersOf(answer, paint), paint),
    block("annotations", Object.entries(answer.annotations), paint),
    answer.omitted === undefined
      ? ""
      : paint.dim(`… and ${answer.omitted} more layers or annotations`),
  ];
  return blocks.filter(Boolean).join("\n");
}

function factsOf(answer: Answer, { dim }: Paint): Row[] {
  const { kind, artifactType, mediaType, created, subject } = answer;
  const { platforms, totalSize, size } = answer;
  const facts: (readonly [string, string | undefined])[] = [
    ["kind", kind],
    ["type", artifactType],
    ["media type", mediaType === artifactType ? undefined : mediaType],
    ["size", `${bytesText(totalSize)}, the manifest ${bytesText(size)}`],
    ["platforms", platforms.join(", ") || undefined],
    ["created", created && `${created}, as the publisher says`],
    ["about", subject],
  ];
  return facts.flatMap(([name, text]) =>
    text === undefined ? [] : [[{ text: name, paint: dim }, text]],
  );
}

function manifestsOf({ manifests }: Answer, { dim }: Paint): Row[] {
  return manifests.map(({ platform, kind, digest, totalSize }) => [
    platform ?? "",
    kind,
    { text: digest, paint: dim },
    bytesText(totalSize),
  ]);
}

function layersOf({ layers }: Answer, { dim }: Paint): Row[] {
  return layers.map(({ title, mediaType, digest, size }) => [
    title ?? mediaType,
    { text: digest, paint: dim },
    bytesText(size),
  ]);
}

function block(name: string, rows: readonly Row[], { bold }: Paint): string {
  if (rows.length === 0) return "";
  const lines = table(rows).split("\n");
  return ["", bold(name), ...lines.map((line) => `  ${line}`)].join("\n");
}
