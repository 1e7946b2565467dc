import { z, type ZodObject } from "zod";
import { packageSchema } from "../../../provider/hosts/plugin/schema";
import { faultsOf } from "./faults";
import { fakeSchema, fakeSources } from "./fakeKind";

const thing = fakeSchema.resources["artifact-mirror:index:Thing"];

describe("the package schema", () => {
  test("follows Pulumi's structural rules", () => {
    expect(faultsOf(fakeSchema)).toEqual([]);
  });

  test("is found out when it breaks them", () => {
    const variables = {
      Bad_Name: { description: "X.", type: "string" },
      lost: { description: "X.", $ref: "#/types/artifact-mirror:index:Lost" },
      mute: { description: "", type: "array" },
    } as const;
    expect(faultsOf({ ...fakeSchema, config: { variables } })).toEqual([
      "config.Bad_Name: not camelCase",
      "config.lost: #/types/artifact-mirror:index:Lost leads nowhere",
      "config.mute: no description",
      "config.mute: no items",
    ]);
  });

  test("says which inputs are required, and which outputs are always there", () => {
    expect(thing?.requiredInputs).toEqual(["policy", "source"]);
    expect(thing?.required).toEqual(["digest", "ref"]);
  });

  test("names nested objects by their id", () => {
    expect(thing?.inputProperties["policy"]).toEqual({
      $ref: "#/types/artifact-mirror:index:Policy",
      description: "The policy.",
    });
    expect(fakeSchema.types["artifact-mirror:index:Policy"]).toMatchObject({
      description: "What must be proven.",
      properties: { threshold: { type: "integer" } },
    });
  });

  test("keeps enumerated strings strings, and tells their values", () => {
    expect(
      fakeSchema.types["artifact-mirror:index:Key"]?.properties["tlog"],
    ).toEqual({
      type: "string",
      description: "The log. One of `required`, `not-required`.",
      language: { nodejs: { values: ["required", "not-required"] } },
    });
  });

  test("marks a secret, and hides at the top what holds one further down", () => {
    expect(thing?.inputProperties["token"]?.secret).toBe(true);
    expect(fakeSchema.config.variables["credentials"]?.secret).toBe(true);
    expect(thing?.inputProperties["policy"]?.secret).toBeUndefined();
  });

  test("says whose change replaces", () => {
    expect(thing?.inputProperties["source"]?.willReplaceOnChanges).toBe(true);
    expect(
      thing?.inputProperties["digest"]?.willReplaceOnChanges,
    ).toBeUndefined();
  });

  test("repeats the configuration as the provider's inputs", () => {
    expect(fakeSchema.provider.inputProperties).toEqual(
      fakeSchema.config.variables,
    );
  });

  test("describes a property as its type where zod leaves that out", () => {
    const same = z.object({}).meta({ id: "Same", description: "The same." });
    const outer = z
      .object({ same: same.optional().describe("The same.") })
      .meta({ id: "Outer", description: "Outer." });
    const providerConfig = z.object({ outer: outer.describe("X.") });
    const { types } = packageSchema({ ...fakeSources, providerConfig });
    expect(
      types["artifact-mirror:index:Outer"]?.properties["same"]?.description,
    ).toBe("The same.");
  });

  test.each<[string, ZodObject, RegExp]>([
    [
      "a union",
      z.object({ x: z.union([z.string(), z.number()]).describe("X.") }),
      /x: a union has no type/,
    ],
    [
      "a nullable",
      z.object({ x: z.string().nullable().describe("X.") }),
      /x: a union has no type/,
    ],
    [
      "a nameless object",
      z.object({ x: z.object({ y: z.string() }).describe("X.") }),
      /x: a nested object needs/,
    ],
    [
      "a property without a description",
      z.object({ x: z.string() }),
      /x: a property needs a description/,
    ],
    [
      "a type without a description",
      z.object({ x: z.object({}).meta({ id: "Bare" }).describe("X.") }),
      /Bare: a type needs a description/,
    ],
    [
      "an enumerated number",
      z.object({ x: z.literal(3).describe("X.") }),
      /x: only strings may be enumerated/,
    ],
  ])("refuses %s", (_, providerConfig, message) => {
    expect(() => packageSchema({ ...fakeSources, providerConfig })).toThrow(
      message,
    );
  });

  test("refuses one name for two types", () => {
    const key = z
      .object({ x: z.string().describe("X.") })
      .meta({ id: "Key", description: "Another." });
    const providerConfig = z.object({ key: key.describe("K.") });
    expect(() => packageSchema({ ...fakeSources, providerConfig })).toThrow(
      "artifact-mirror:index:Key: two different types carry this name",
    );
  });
});
