import { MirrorError } from "../../../provider/mirror/errors";
import { unknown } from "../../../provider/mirror/lifecycle";
import { inputs, refusal, start, text } from "./dynamicHarness";
import { sentinel } from "./pluginClient";

describe("check", () => {
  test("judges what is new, because Create is not called in preview", async () => {
    const { configured, planned } = start({
      plan: async () => Promise.reject(refusal),
    });
    const host = await configured();
    const { failures } = await host.check({}, { ...inputs, ...text });
    expect(planned).toEqual([inputs]);
    expect(failures).toEqual([{ property: "", reason: refusal.message }]);
  });

  test.each([
    ["the digest", { digest: "sha256:2" }],
    ["the policy", { policy: {} }],
    ["the source", { source: "src:2" }],
  ])("judges again when %s changed", async (_, change) => {
    const { configured, planned } = start();
    await (
      await configured()
    ).check({ ...inputs, ...text }, { ...inputs, ...change });
    expect(planned).toEqual([{ ...inputs, ...change }]);
  });

  test("refuses a cooldown, which it could never end, and judges nothing", async () => {
    const { configured, planned } = start();
    const minAge = { duration: "72h", by: "created" };
    const { failures } = await (
      await configured()
    ).check({}, { ...inputs, minAge });
    expect(failures).toMatchObject([
      { reason: expect.stringMatching(/^minAge: the dynamic form/) },
    ]);
    expect(planned).toEqual([]);
  });

  test("judges nothing when nothing of it changed", async () => {
    const { configured, planned } = start();
    await (
      await configured()
    ).check({ ...inputs, ...text }, { ...inputs, onDelete: "untag" });
    expect(planned).toEqual([]);
  });

  const shared = { ...inputs, policy: { use: "vendors" } };

  test("judges a shared policy at every check: it may have changed in the configuration", async () => {
    const { configured } = start({ plan: async () => Promise.reject(refusal) });
    const host = await configured();
    const { failures } = await host.check(shared, shared);
    expect(failures).toEqual([{ property: "", reason: refusal.message }]);
  });

  test.each([
    ["warn", 0],
    ["error", 1],
  ])(
    "and when the source cannot be asked for that, onSourceUnavailable %s decides",
    async (onSourceUnavailable, count) => {
      const silent = new MirrorError({
        fault: "unreachable",
        code: "NETWORK",
        what: "could not read",
        why: "no answer",
        remedy: "wait",
      });
      const { configured } = start({
        plan: async () => Promise.reject(silent),
      });
      const host = await configured();
      const news = { ...shared, onSourceUnavailable };
      const { failures } = await host.check(news, news);
      expect(failures).toHaveLength(count);
    },
  );

  test("fills what the lifecycle adds, and keeps everything else", async () => {
    const { digest: _, ...news } = inputs;
    const { configured } = start({
      check: async () => ({ inputs: { digest: "sha256:9" }, failures: [] }),
    });
    const { inputs: checked } = await (
      await configured()
    ).check({}, { ...news, destination: sentinel });
    expect(checked).toEqual({
      ...news,
      destination: sentinel,
      digest: "sha256:9",
    });
  });

  test("hands unknown values on as such", async () => {
    const { configured, planned } = start();
    await (await configured()).check({}, { ...inputs, destination: sentinel });
    expect(planned).toEqual([{ ...inputs, destination: unknown }]);
  });

  test('onRefused: "keep" holds what is mirrored at its digest, and says so', async () => {
    const { configured, printed } = start({
      plan: async () => Promise.reject(refusal),
    });
    const host = await configured();
    const news = { ...inputs, digest: "sha256:2", onRefused: "keep" };
    const { inputs: checked, failures } = await host.check(
      { ...inputs, onRefused: "keep" },
      news,
    );
    expect(failures).toEqual([]);
    expect(checked).toEqual({ ...news, digest: "sha256:1" });
    expect(printed).toEqual([
      expect.stringContaining("warning: kept at sha256:1"),
    ]);
  });

  test('onRefused: "keep" lets nothing new in', async () => {
    const { configured } = start({ plan: async () => Promise.reject(refusal) });
    const { failures } = await (
      await configured()
    ).check({}, { ...inputs, onRefused: "keep" });
    expect(failures).toHaveLength(1);
  });

  test("a failure names what is wrong in the reason, because Pulumi prints the value of a property, or `{<nil>}`", async () => {
    const { configured } = start({
      check: async () => ({
        inputs: {},
        failures: [
          { property: "source", reason: "is bad" },
          { property: "policy.signedBy[0].key", reason: "is bad" },
        ],
      }),
    });
    const { failures } = await (await configured()).check({}, inputs);
    expect(failures).toEqual([
      { property: "", reason: "source: is bad" },
      { property: "", reason: "policy.signedBy[0].key: is bad" },
    ]);
  });
});
