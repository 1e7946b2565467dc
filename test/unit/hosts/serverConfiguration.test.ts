import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { type Json, secret, sentinel } from "./pluginClient";
import { pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();

describe("the provider's configuration", () => {
  test.each<[string, Json, { property: string; reason: RegExp }]>([
    [
      "an unknown value",
      { registries: sentinel },
      { property: "registries", reason: /not know/ },
    ],
    [
      "an unknown value inside a JSON text",
      { registries: JSON.stringify([sentinel]) },
      { property: "registries", reason: /verified/ },
    ],
    [
      "an unknown value under a name that may hold a secret",
      { credentials: sentinel },
      { property: "", reason: /^credentials: .*passwordEnv/ },
    ],
    [
      "a wrong type",
      { registries: '[{"a":1}]' },
      { property: "", reason: /^registries\[0\].*string/ },
    ],
    [
      "a word we do not know",
      { registires: "[]" },
      { property: "", reason: /registires/ },
    ],
    [
      "a text that is no JSON",
      { registries: "[" },
      { property: "registries", reason: /list/ },
    ],
  ])("%s is refused at its property", async (_, news, expected) => {
    await plugin.bare();
    const failures = (await plugin.checkConfig(news))
      .getFailuresList()
      .map((failure) => failure.toObject());
    expect(failures).toEqual([
      {
        property: expected.property,
        reason: expect.stringMatching(expected.reason),
      },
    ]);
  });

  test.each<[string, Json[string], Json[string]]>([
    ["a JSON text", '["loose"]', '["pinned"]'],
    ["a secret text", secret('["loose"]'), secret('["pinned"]')],
    ["a list", ["loose"], ["pinned"]],
    ["a list with a secret", [secret("loose")], secret([secret("pinned")])],
  ])("what Check changes comes back as it came: %s", async (_, given, back) => {
    await plugin.bare();
    const response = await plugin.checkConfig({ registries: given });
    expect(response.getInputs()?.toJavaScript()).toEqual({ registries: back });
  });

  test("what is good comes back as it came, with what may hold a secret wrapped", async () => {
    await plugin.bare();
    const news = {
      version: "0.1.0",
      registries: '["r"]',
      credentials: '[{"registry":"r","password":"p"}]',
    };
    const response = await plugin.checkConfig(news);
    expect(response.getFailuresList()).toEqual([]);
    expect(response.getInputs()?.toJavaScript()).toEqual({
      ...news,
      credentials: secret(news.credentials),
    });
  });

  test("no message tells a password, not even one that is not marked", async () => {
    await plugin.bare();
    const response = await plugin.checkConfig({
      credentials: '[{"registry":"r","password":"hunter2","hunter2":1}]',
    });
    const told = JSON.stringify(
      response.getFailuresList().map((failure) => failure.toObject()),
    );
    expect(told).toContain("[secret]");
    expect(told).not.toContain("hunter2");
  });

  test.each<{ title: string; olds: Json; news: Json; names: string[] }>([
    {
      title: "nothing changed",
      olds: { registries: '["a"]' },
      news: { registries: '["a"]' },
      names: [],
    },
    {
      title: "a value changed",
      olds: { registries: '["a"]' },
      news: { registries: '["b"]' },
      names: ["registries"],
    },
    {
      title: "G14: a host's certificate is no longer verified",
      olds: { registries: '[{"host":"reg.example"}]' },
      news: { registries: '[{"host":"reg.example","skipTlsVerify":true}]' },
      names: ["registries"],
    },
    {
      title: "G14: a host is asked in clear",
      olds: { registries: '[{"host":"reg.example"}]' },
      news: { registries: '[{"host":"reg.example","plainHttp":true}]' },
      names: ["registries"],
    },
    {
      title: "only the marking of a secret changed",
      olds: { credentials: "[]" },
      news: { credentials: secret("[]") },
      names: [],
    },
    {
      title: "a secret changed",
      olds: { credentials: secret("[1]") },
      news: { credentials: secret("[2]") },
      names: ["credentials"],
    },
    {
      title: "something is new",
      olds: {},
      news: { allowUnverified: "false" },
      names: ["allowUnverified"],
    },
  ])(
    "when $title, $names differ and nothing is replaced",
    async ({ olds, news, names }) => {
      await plugin.bare();
      const response = await plugin.diffConfig(olds, news);
      const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
      expect(response.getChanges()).toBe(
        names.length > 0 ? DIFF_SOME : DIFF_NONE,
      );
      expect(response.getDiffsList()).toEqual(names);
      expect(response.getReplacesList()).toEqual([]);
    },
  );
});
