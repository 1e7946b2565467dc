import { MirrorError } from "../../mirror/errors";
import { textOf } from "../../mirror/textOf";
import type { Problem } from "../problem";
import { readMaterialArtifact, type MaterialReading } from "./artifact";
import { readMaterialFile } from "./file";
import { materialsIn, withTexts, type Placed } from "./inPolicy";
import { isPlace, placeOf } from "./place";

/** What a user wrote, with every text that lies elsewhere put in its place. */
export interface Resolved {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** why a place could not be asked, where one could not: then a text is still missing */
  readonly silent?: MirrorError;
}

/** Reads what lies elsewhere: files now, artifacts by `reading`; without it they stay as they are. */
export async function resolveMaterials(
  schema: unknown,
  value: unknown,
  reading: MaterialReading | undefined,
): Promise<Resolved> {
  const texts: Placed[] = [];
  const problems: Problem[] = [];
  const silent: MirrorError[] = [];
  for (const { path, text } of materialsIn(schema, value)) {
    try {
      const read = await textAt(text, reading);
      if (read !== undefined) texts.push({ path, text: read });
    } catch (error) {
      if (isSilence(error)) silent.push(error);
      else problems.push({ path, reason: textOf(error) });
    }
  }
  const [first] = silent;
  const resolved = withTexts(value, texts);
  return { value: resolved, problems, ...(first && { silent: first }) };
}

async function textAt(
  text: string,
  reading: MaterialReading | undefined,
): Promise<string | undefined> {
  const place = placeOf(text);
  if (place?.kind === "file") return atLast(readMaterialFile(place).text);
  if (place === undefined || reading === undefined) return undefined;
  return atLast(await readMaterialArtifact(place, reading));
}

function atLast(text: string): string {
  if (!isPlace(text)) return text;
  throw new Error("leads to a text that names a further place");
}

function isSilence(error: unknown): error is MirrorError {
  return (
    error instanceof MirrorError &&
    (error.fault === "unreachable" || error.fault === "cancelled")
  );
}
