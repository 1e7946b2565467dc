import { startRegistry, type TestRegistry } from "./registry";
import { requirements } from "./requirements";
import { Speaker } from "./speaker";

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

test.each(requirements)("$rule: $sentence", async ({ prove }) => {
  await prove(new Speaker(registry.origin, "team/app"));
});
