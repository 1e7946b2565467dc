import { until } from "../../lifecycle/until";
import { urn } from "./fakeProvider";
import { secret } from "./pluginClient";
import { endless, failed, pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

test("a resource that waits says so on its row, and a registry's warning is kept", async () => {
  await plugin.start({
    apply: async ({ reach }, desired) => {
      const text = "waiting 12 s for ghcr.io (HTTP 429, try 1 of 6)";
      reach.notice?.({ kind: "waiting", text });
      reach.notice?.({ kind: "warning", text: "ghcr.io warns: hunter2" });
      await until(() => plugin.engine.lines.length > 1);
      return { id: "dst:1", state: desired.inputs };
    },
  });
  await plugin.create({ ...inputs, token: secret("hunter2") });
  expect(plugin.engine.lines).toEqual([
    expect.objectContaining({
      severity: 2,
      message: "ghcr.io warns: [secret]",
      urn: urn("a"),
      ephemeral: false,
    }),
    expect.objectContaining({
      severity: 1,
      message: "waiting 12 s for ghcr.io (HTTP 429, try 1 of 6)",
      urn: urn("a"),
      ephemeral: true,
    }),
  ]);
});

test("customTimeouts say what was going on when they were over", async () => {
  const { work } = endless();
  await plugin.start({
    apply: (call) => {
      const text = "copied 1 of 2 blobs, 3.0 MiB of 9.0 MiB";
      call.tell({ kind: "progress", text });
      return work(call);
    },
  });
  const { details } = await failed(plugin.create(inputs, false, 0.05));
  expect(details).toBe(
    "stopped before the end: customTimeouts.create of 0.05 s is over, last: copied 1 of 2 blobs, 3.0 MiB of 9.0 MiB; raise it, and run again: what has arrived already is not copied a second time",
  );
});
