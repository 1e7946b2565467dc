import { withPluginEntry } from "../../../../provider/hosts/cli/init/pluginEntry";

const path = "node_modules/pulumi-artifact-mirror/plugin";
const lines = `plugins:
  providers:
    - name: artifact-mirror
      path: node_modules/pulumi-artifact-mirror/plugin
`;

const project = `# our infrastructure
name: infra   # short
runtime:
  name: nodejs
  options:
    packagemanager: npm

description: >-
  a long text that stays as it was, whatever its width may be, because nobody likes a diff that is not about the change
config:
  pulumi:tags: { value: { "pulumi:template": typescript } }
`;

describe("the plugin's entry in Pulumi.yaml", () => {
  test("is four lines at the end, and nothing else changes", () => {
    expect(withPluginEntry(project, path)).toBe(project + lines);
  });

  test("joins a project that is one line", () => {
    expect(withPluginEntry("{ name: infra, runtime: nodejs }", path)).toMatch(
      /^\{ ?name: infra, runtime: nodejs, plugins: .*path: node_modules/s,
    );
  });

  test("stays inside a document that says where it ends", () => {
    const written = withPluginEntry("name: infra\n...\n", path);
    expect(written).toBe(`name: infra\n${lines}...\n`);
  });

  test("is written once", () => {
    const once = withPluginEntry(project, path);
    expect(withPluginEntry(once, path)).toBe(once);
  });

  test("joins the plugins that are there", () => {
    const others = `name: infra
plugins:
  # analysers
  analyzers:
    - name: checks
      path: ../checks
  providers:
    - name: other # ours
      path: ../other
`;
    expect(withPluginEntry(others, path)).toBe(
      `${others}    - name: artifact-mirror\n      path: ${path}\n`,
    );
  });

  test("fills a key that is there without a value", () => {
    expect(withPluginEntry("name: infra\nplugins:\n", path)).toBe(
      `name: infra\n${lines}`,
    );
    expect(withPluginEntry("name: infra\nplugins:\n  providers:\n", path)).toBe(
      `name: infra\n${lines}`,
    );
  });

  test("keeps Windows line ends", () => {
    expect(withPluginEntry("name: infra\r\nruntime: nodejs\r\n", path)).toBe(
      `name: infra\nruntime: nodejs\n${lines}`.replaceAll("\n", "\r\n"),
    );
  });

  test.each([
    "./node_modules/pulumi-artifact-mirror/plugin/",
    "node_modules\\pulumi-artifact-mirror\\plugin",
  ])("knows %s as the same path", (same) => {
    const written = `plugins: { providers: [{ name: artifact-mirror, path: '${same}' }] }\n`;
    expect(withPluginEntry(written, path)).toBe(written);
  });

  test.each([
    [
      "another path",
      "plugins: { providers: [{ name: artifact-mirror, path: ../mine }] }",
      /already has artifact-mirror with the path "\.\.\/mine", and the installed package is at "node_modules/,
    ],
    [
      "an entry without a path",
      "plugins: { providers: [{ name: artifact-mirror, version: 1.0.0 }] }",
      /with the path ""/,
    ],
    ["a list for plugins", "plugins: []", /plugins is not a mapping/],
    [
      "a mapping for providers",
      "plugins: { providers: {} }",
      /plugins.providers is not a list/,
    ],
    ["no mapping at all", "- infra", /it is not a YAML mapping/],
    ["an empty file", "", /it is not a YAML mapping/],
    ["broken YAML", "name: [", /could not add the plugin to the project file/],
  ])("is refused where the file has %s", (_, text, message) => {
    expect(() => withPluginEntry(text, path)).toThrow(message);
  });
});
