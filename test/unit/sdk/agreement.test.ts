import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../../package.json";
import { functions } from "../../../provider/functions/catalog";
import { providerConfig } from "../../../provider/hosts/config";
import { packageSchema } from "../../../provider/hosts/plugin/schema";
import { resources } from "../../../provider/resources/catalog";
import written from "../../../schema.json";
import { nodejsSdk } from "../../../sdk/generator/nodejs";
import { program } from "../../../sdk/generator/program";
import { faultsOf } from "./faults";

const schema = packageSchema({ version, resources, functions, providerConfig });
const folder = join("sdk", "nodejs");

describe("one truth", () => {
  test("schema.json is what the provider checks with", () => {
    expect(written).toEqual(schema);
  });

  test("schema.json follows Pulumi's structural rules", () => {
    expect(faultsOf(schema)).toEqual([]);
  });

  test("the TypeScript SDK is made of schema.json, file by file", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [
        path.slice(folder.length + 1),
        readFileSync(path, "utf8"),
      ]);
    expect(Object.fromEntries(files)).toEqual(
      Object.fromEntries(nodejsSdk(schema, program)),
    );
  });

  test("every resource tells what its outputs are made of", () => {
    for (const { inputs, outputs, madeFrom, replaceOnChanges } of resources) {
      expect(Object.keys(outputs.shape)).toEqual(
        expect.arrayContaining(Object.keys(madeFrom)),
      );
      expect(Object.keys(inputs.shape)).toEqual(
        expect.arrayContaining([
          ...Object.values(madeFrom).flat(),
          ...replaceOnChanges,
        ]),
      );
    }
  });

  test("no password stands in a schema in clear: each is marked", () => {
    const secrets = Object.entries(
      schema.types["artifact-mirror:index:Credential"]?.properties ?? {},
    ).filter(([, property]) => property.secret);
    expect(secrets.map(([name]) => name)).toContain("password");
    expect(schema.config.variables["credentials"]?.secret).toBe(true);
  });
});
