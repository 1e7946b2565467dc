import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { fromJSONSchema } from "zod";
import { estateJsonSchema } from "../../../../provider/functions/estate/jsonSchema";
import { head } from "./reading";

const schema = estateJsonSchema();
const editor = fromJSONSchema(JSON.parse(JSON.stringify(schema)));
const complains = (text: string) => !editor.safeParse(parse(text)).success;

test("editors get a schema that every word of the format is described in", () => {
  const undescribed: string[] = [];
  const look = (value: unknown, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value))
      look(member, `${at}/${name}`);
    if (!("properties" in value)) return;
    for (const [name, member] of Object.entries(Object(value.properties))) {
      const said = Object(member);
      const isSaid = "description" in said || "$ref" in said || "allOf" in said;
      if (!isSaid) undescribed.push(`${at}/${name}`);
    }
  };
  look(schema, "");
  expect(undescribed).toEqual([]);
  expect(JSON.stringify(schema)).not.toContain('"material"');
});

test.each([
  ["nothing against what is right", "artifacts:\n  app: ghcr/app:1\n", false],
  [
    "against an unknown word",
    "artifacts:\n  app: { source: ghcr/app:1, sorce: x }\n",
    true,
  ],
  [
    "against a number for a tag",
    "artifacts:\n  app: { source: ghcr/app:1, additionalTags: [1.10] }\n",
    true,
  ],
  [
    "nothing against several destinations",
    "artifacts:\n  app: { source: ghcr/app:1, destination: { eu: corp/app } }\n",
    false,
  ],
  [
    "against a repository without a source",
    "repositories:\n  app: { tags: { mode: all } }\n",
    true,
  ],
  [
    "nothing against a group",
    "groups:\n  g: { sourcePrefix: ghcr, policy: vendors, artifacts: { app: app:1 } }\n",
    false,
  ],
])("an editor says %s", (_, entries, isWrong) => {
  expect(complains(head + entries)).toBe(isWrong);
});

test("the published schema is that of the format", () => {
  expect(JSON.parse(readFileSync("estate.schema.json", "utf8"))).toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
});
