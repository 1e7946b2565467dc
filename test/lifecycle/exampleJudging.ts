import { writes } from "../registry/recorder";
import { inRegistry, type SampleDescriptor } from "../samples/target";
import type { ExampleRun, ExampleStage } from "./exampleStage";

/** Runs an example over an image at `acme/app:1.4.2`; config that the example itself needs is named without its name in front. */
export function runExample(
  stage: ExampleStage,
  name: string,
  { config = {}, files = {} }: ExampleRun = {},
) {
  const own = {
    source: `${stage.outside.host}/acme/app:1.4.2`,
    destination: `${stage.inside.host}/mirror/app:1.4.2`,
    ...config,
  };
  return stage.start(name, {
    files,
    config: Object.fromEntries(
      Object.entries(own).map(([key, value]) => [`${name}:${key}`, value]),
    ),
  });
}

type Engine = ReturnType<typeof runExample>;

/** Preview writes nothing, and up mirrors it. */
export async function admits(
  { inside }: ExampleStage,
  engine: Engine,
  { digest }: SampleDescriptor,
) {
  expect(await engine.preview()).toMatchObject({ exitCode: 0 });
  expect(writes(inside.requests)).toEqual([]);
  expect(await engine.up()).toMatchObject({
    exitCode: 0,
    outputs: { ref: `${inside.host}/mirror/app@${digest}` },
  });
  expect(inside.tag("mirror/app", "1.4.2")).toBe(digest);
}

/** Preview is red, says why, and writes nothing. */
export async function refuses(
  { inside }: ExampleStage,
  engine: Engine,
  why: string | RegExp,
) {
  const preview = await engine.preview();
  expect(preview.exitCode).toBe(1);
  expect(preview.text).toMatch(why);
  expect(writes(inside.requests)).toEqual([]);
}

/** Where the examples' image is published. */
export const app = ({ outside }: ExampleStage) =>
  inRegistry(outside, "acme/app");
