import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { faults } from "../faults/catalog";
import { faultTable, wantedOf, type Column } from "../peers/faultTable";
import { installPeers } from "../peers/tools";
import {
  copierOf,
  endingUnder,
  ourCopier,
  type Copier,
  type Ending,
} from "../peers/underFaults";
import { describeWithGo } from "./tools";

const readme = resolve("test/registry/README.md");
const mark = /(<!-- measured: peers under faults -->\n)[^]*?(?=<!-- end -->)/;
const longestMs = 15 * 60 * 1000;
/** how many cells may differ: what a fault hits first is a matter of chance where a tool asks for several things at once */
const chance = 0.05;
/** these are about tokens, and the tools are not asked for any */
const played = faults.filter(({ word }) => !word.startsWith("503-on-token"));

describeWithGo("the tools of the field under the same faults", () => {
  let columns: readonly Column[] = [];
  let written: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    const text = readFileSync(readme, "utf8");
    const isToWrite = process.env["PEERS"] === "write";
    written = isToWrite ? new Map() : cellsOf(mark.exec(text)?.[0] ?? "");
    columns = await measured();
    if (!isToWrite) return;
    const table = `$1\n${faultTable(played, columns)}\n\n`;
    writeFileSync(readme, text.replace(mark, table));
  }, longestMs);

  test("ours ends each of them as required", () => {
    const wrong = played.filter(({ required }, at) => {
      const ending = columns[0]?.endings[at];
      return ending !== wantedOf(required.ends) && ending !== "–";
    });
    expect(wrong.map(({ word }) => word)).toEqual([]);
  });

  test("the README still says what was measured (PEERS=write writes it)", () => {
    const table = cellsOf(faultTable(played, columns));
    const known = [...table].filter(([key]) => written.has(key));
    const changed = known.filter(([key, one]) => written.get(key) !== one);
    expect(changed.length).toBeLessThanOrEqual(known.length * chance);
  });
});

async function measured(): Promise<readonly Column[]> {
  const tools = installPeers().filter(({ name }) => name !== "regsync");
  const copiers: readonly (readonly [string, Copier])[] = [
    ["artifact-mirror", ourCopier],
    ...tools.map(
      (tool) => [`${tool.name} ${tool.version}`, copierOf(tool)] as const,
    ),
  ];
  return Promise.all(copiers.map((one) => column(...one)));
}

async function column(head: string, copier: Copier): Promise<Column> {
  const endings: Ending[] = [];
  for (const fault of played) endings.push(await endingUnder(fault, copier));
  return { head, endings };
}

/** Each cell of a table by its row and column; a tool of another version has other keys. */
function cellsOf(table: string): ReadonlyMap<string, string> {
  const rows = table
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const [head = [], ...body] = rows;
  const faultRows = body.filter(([, word = ""]) => word.startsWith("`"));
  return new Map(
    faultRows.flatMap((row) =>
      row
        .slice(4, -1)
        .map((cell, at) => [`${row[1]} ${head[at + 4]}`, cell] as const),
    ),
  );
}
