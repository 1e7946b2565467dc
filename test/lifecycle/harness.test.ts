import { startRegistry, type TestRegistry } from "../registry/registry";
import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import { artifacts, startStack, type Stack } from "./harness";

describe("a stack of the harness", () => {
  let outside: TestRegistry;
  let inside: TestRegistry;
  let stack: Stack;

  beforeEach(async () => {
    [outside, inside] = await Promise.all([startRegistry(), startRegistry()]);
    stack = startStack({
      registries: [outside, inside],
      program: artifacts({
        app: {
          source: `${outside.host}/team/app:1`,
          destination: `${inside.host}/mirror/app:1`,
          policy: { unverified: "a test of the harness" },
        },
      }),
    });
  });

  afterEach(async () => {
    stack.close();
    await Promise.all([outside.close(), inside.close()]);
  });

  test("mirrors an artifact through the real plugin process", async () => {
    const sample = await put(inRegistry(outside, "team/app"), image(), "1");
    const preview = await stack.engine.preview();
    expect(preview.text).toContain("+ 2 to create");
    expect(preview.exitCode).toBe(0);
    expect(writes(inside.requests)).toEqual([]);
    const up = await stack.engine.up();
    expect(up).toMatchObject({
      exitCode: 0,
      outputs: { app: { digest: sample.digest } },
    });
    expect(inside.tag("mirror/app", "1")).toBe(sample.digest);
    const again = await stack.engine.preview({ expectNoChanges: true });
    expect(again.exitCode).toBe(0);
  });
});
