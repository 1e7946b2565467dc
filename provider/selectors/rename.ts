import type { RenameInput } from "./renameInput";
import { compilePattern } from "./wholeMatch";

/** A piece of the new name: a text as it stands, or a group of the pattern. */
type Piece = { readonly text: string } | { readonly group: string | number };

const dollar = /\$(?:\$|([0-9]+)|\{([0-9]+)\}|\{([A-Za-z_][A-Za-z0-9_]*)\})?/g;

/** What a source tag is called at the destination: as it is, unless the whole of it matches. */
export function renamer(rename?: RenameInput): (sourceTag: string) => string {
  if (rename === undefined) return (sourceTag) => sourceTag;
  const pattern = compilePattern(rename.pattern);
  const pieces = piecesOf(rename.to);
  return (sourceTag) => {
    const matcher = pattern.matcher(sourceTag);
    if (!matcher.matches()) return sourceTag;
    return pieces
      .map((piece) =>
        "text" in piece ? piece.text : (matcher.group(piece.group) ?? ""),
      )
      .join("");
  };
}

/** What is wrong with a new name, where something is; the pattern must be one. */
export function problemOfNewName({
  pattern,
  to,
}: RenameInput): string | undefined {
  const compiled = compilePattern(pattern);
  const names = Object.keys(compiled.namedGroups());
  const wrong = piecesOf(to).find((piece) => {
    if ("text" in piece) return false;
    return typeof piece.group === "number"
      ? piece.group > compiled.groupCount()
      : !names.includes(piece.group);
  });
  if (!wrong || "text" in wrong) return undefined;
  if (wrong.group === "")
    return "has a `$` that names no group: write `$1`, `${name}`, or `$$` for a dollar";
  return `names the group ${wrong.group}, which the pattern does not have`;
}

function piecesOf(to: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of to.matchAll(dollar)) {
    const [whole, digits, braced, name = ""] = found;
    const number = digits ?? braced;
    pieces.push({ text: to.slice(end, found.index) });
    if (whole === "$$") pieces.push({ text: "$" });
    else pieces.push({ group: number === undefined ? name : Number(number) });
    end = found.index + whole.length;
  }
  return [...pieces, { text: to.slice(end) }];
}
