import { unknown } from "../../../provider/mirror/lifecycle";
import { urn } from "./fakeProvider";
import { type Json, secret, sentinel } from "./pluginClient";
import { pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("Check", () => {
  test("hands plain values on, and leaves every envelope where it was", async () => {
    await plugin.start({
      check: async () => ({ inputs: { digest: "sha256:1" }, failures: [] }),
    });
    const news = {
      ...inputs,
      policy: { signedBy: [{ key: secret("pem pem") }] },
    };
    const response = await plugin.check(news, {
      ...inputs,
      token: secret("old"),
    });
    expect(plugin.fake.asked).toEqual([
      [
        "check",
        {
          news: { ...inputs, policy: { signedBy: [{ key: "pem pem" }] } },
          olds: { ...inputs, token: "old" },
        },
      ],
    ]);
    expect(response.getInputs()?.toJavaScript()).toEqual({
      ...news,
      digest: "sha256:1",
    });
  });

  test("empty olds mean that the resource is new", async () => {
    await plugin.start();
    await plugin.check(inputs);
    expect(plugin.fake.asked).toEqual([["check", { news: inputs }]]);
  });

  test("what is made from a secret is a secret", async () => {
    await plugin.start({
      check: async () => ({ inputs: { digest: "sha256:1" }, failures: [] }),
    });
    const response = await plugin.check({
      ...inputs,
      source: secret("hidden/source:1"),
    });
    expect(response.getInputs()?.toJavaScript()).toMatchObject({
      source: secret("hidden/source:1"),
      digest: secret("sha256:1"),
    });
  });

  test("unknown values reach the lifecycle as such, and go back as they came", async () => {
    await plugin.start();
    const news = { source: sentinel, destination: sentinel };
    const response = await plugin.check(news);
    expect(plugin.fake.asked).toEqual([
      ["check", { news: { source: unknown, destination: unknown } }],
    ]);
    expect(response.getInputs()?.toJavaScript()).toEqual(news);
  });

  test.each<{ title: string; news: Json; at: string; told: Json }>([
    {
      title: "a path is named",
      news: { ...inputs, policy: {} },
      at: "policy.signedBy[0].key",
      told: { property: "", reason: "policy.signedBy[0].key: is bad" },
    },
    {
      title: "a bare open name is named",
      news: inputs,
      at: "source",
      told: { property: "source", reason: "is bad" },
    },
    {
      title: "what is missing is named without the engine's `{<nil>}`",
      news: { destination: "d" },
      at: "source",
      told: { property: "", reason: "source: is bad" },
    },
    {
      title: "what has members is named without the engine's `{map[]}`",
      news: { ...inputs, policy: {} },
      at: "policy",
      told: { property: "", reason: "policy: is bad" },
    },
    {
      title: "a bare secret name goes into the reason",
      news: { ...inputs, source: secret("hunter2") },
      at: "source",
      told: { property: "", reason: "source: is bad" },
    },
    {
      title: "a bare name with a secret inside goes into the reason",
      news: { ...inputs, policy: { key: secret("hunter2") } },
      at: "policy",
      told: { property: "", reason: "policy: is bad" },
    },
  ])("in a failure $title", async ({ news, at, told }) => {
    const failures = [{ property: at, reason: "is bad" }];
    await plugin.start({ check: async () => ({ inputs: {}, failures }) });
    const [failure] = (await plugin.check(news)).getFailuresList();
    expect(failure?.toObject()).toEqual(told);
  });

  test("a failure's reason holds no secret", async () => {
    await plugin.start({
      check: async () => ({
        inputs: {},
        failures: [{ property: "policy.key", reason: "hunter2 is no key" }],
      }),
    });
    const [failure] = (
      await plugin.check({ ...inputs, policy: { key: secret("hunter2") } })
    ).getFailuresList();
    expect(failure?.getReason()).toBe("policy.key: [secret] is no key");
  });

  test("a destination that another resource of the run has is refused", async () => {
    await plugin.start();
    await plugin.check(inputs, {}, "first");
    const [failure] = (
      await plugin.check(inputs, {}, "second")
    ).getFailuresList();
    expect(failure?.getProperty()).toBe("destination");
    expect(failure?.getReason()).toContain(urn("first"));
  });

  test("a destination is the same place however it is written", async () => {
    await plugin.start();
    const written = (destination: string) => ({ ...inputs, destination });
    await plugin.check(written("nginx:1"), {}, "first");
    const again = written("docker.io/library/nginx:1");
    const { length } = (
      await plugin.check(again, {}, "second")
    ).getFailuresList();
    expect(length).toBe(1);
    const none = await plugin.check(written("no reference ::"), {}, "third");
    expect(none.getFailuresList()).toEqual([]);
  });

  test("the same resource may be checked again, move away, and leave its place to another", async () => {
    await plugin.start();
    await plugin.check(inputs, {}, "first");
    expect((await plugin.check(inputs, {}, "first")).getFailuresList()).toEqual(
      [],
    );
    expect(
      (
        await plugin.check({ ...inputs, destination: "dst:2" }, {}, "first")
      ).getFailuresList(),
    ).toEqual([]);
    expect(
      (await plugin.check(inputs, {}, "second")).getFailuresList(),
    ).toEqual([]);
  });

  test("a destination that is not known yet is nobody's", async () => {
    await plugin.start();
    const news = { ...inputs, destination: sentinel };
    await plugin.check(news, {}, "first");
    expect((await plugin.check(news, {}, "second")).getFailuresList()).toEqual(
      [],
    );
  });
});
