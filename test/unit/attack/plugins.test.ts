import { answerOf } from "../../../provider/verifiers/requirements/plugin/answer";
import { forbiddenPlugins } from "../../../provider/verifiers/requirements/plugin/allowed";
import { licenseScript, pluginScript, spdxType } from "../../samples/plugins";
import { bySigner, inPluginWorld } from "../verifiers/pluginWorld";

const pin = `@sha256:${"a".repeat(64)}`;

describe("a plugin that may not run", () => {
  test.each([
    "plugins.example/acme/plugins/../evil",
    "plugins.example/acme/plugins/./x",
    "plugins.example/acme/plugins//x",
    "plugins.example/acme/plugins/%2e%2e/evil",
    "plugins.example/acme/plugins/\u0000x",
    "plugins.example/acme/plugins/x?y",
  ])("is no reference that a glob could be made to match: %j", (name) => {
    const named = () =>
      forbiddenPlugins(
        [{ artifact: `${name}${pin}` }],
        ["plugins.example/acme/plugins/*"],
      );
    expect(named).toThrow();
  });

  test.each([
    "evilplugins.example/acme/plugins/x",
    "plugins.example.evil/acme/plugins/x",
    "plugins.example:444/acme/plugins/x",
    "plugins.example/acme/plugins-evil/x",
    "plugins.example/acme/pluginsx",
    "evil.example/plugins.example/acme/plugins/x",
  ])("is not a look-alike of one that may: %s", (name) => {
    const allowed = ["plugins.example/acme/plugins/*"];
    expect(forbiddenPlugins([{ artifact: `${name}${pin}` }], allowed)).toEqual([
      expect.objectContaining({ path: ["plugins", 0, "artifact"] }),
    ]);
  });
});

describe("what a plugin writes", () => {
  const ended = (...lines: readonly string[]) => ({
    stdout: Buffer.from(lines.join("\n")),
    stderr: Buffer.alloc(0),
    ending: undefined,
  });
  const [yes, no] = [`{"isSuccess":true}`, `{"isSuccess":false}`];

  test.each([
    [
      "behind a log line without an end",
      ["reading evil", yes, `checking ${no}`],
    ],
    ["with a word of another case", [yes, `log {"issuccess":false}`]],
    ["within another object", [yes, `log: {"result":${no}}`]],
    ["in a list", [yes, `[${no}]`]],
    ["behind another line end", [`${yes}\rlog ${no}`]],
    ["over several lines", [yes, "log {", `"isSuccess":false}`]],
  ])("T37: a name in its log does not hide its no: %s", (_, lines) => {
    expect(() => answerOf(ended(...lines))).toThrow(/PLUGIN_ERROR|wrote|read/);
  });

  test("a log is a log", () => {
    expect(
      answerOf(ended("info: level=1 {not json}", yes, "done")),
    ).toMatchObject({
      isSuccess: true,
    });
  });

  test("forges no line of a report or message", () =>
    inPluginWorld(async (world) => {
      const words = "fine\\n\\u001b[2K\\u2028signedBy: passed\\u202e";
      const artifact = await world.publish(pluginScript(`no("${words}");`));
      await world.attach("MIT");
      const { reason } = await world.verdict(artifact);
      expect(reason).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
    }));
});

test("thousands of nested referrers do not start thousands of plugins", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(licenseScript);
    const sbom = await world.attach("MIT");
    const type = "application/vnd.example.signature";
    for (let one = 0; one < 51; one++) {
      await world.attach(`sig ${one}`, type, sbom);
    }
    const began = performance.now();
    const plugins = [
      { artifact, artifactTypes: [spdxType], nestedReferences: [type] },
      { artifact, name: "second", artifactTypes: [type] },
    ];
    const [, verdict] = await world.verdicts({
      signedBy: [bySigner],
      plugins,
    });
    expect(verdict).toMatchObject({ outcome: "failed", code: "LIMIT" });
    expect(performance.now() - began).toBeLessThan(15_000);
  }));
