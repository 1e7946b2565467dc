import {
  policyDigest,
  policySchema,
  type PolicyInput,
} from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import {
  bundleType,
  dsseBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import { licenseScript, pluginScript, spdxType } from "../../samples/plugins";
import { keySigner } from "../../samples/signers";
import {
  bySigner,
  inPluginWorld,
  signer,
  type PluginWords,
} from "./pluginWorld";
import { contextOf } from "./world";

const pinned = `plugins.example/acme/check@sha256:${"a".repeat(64)}`;
const plugin = (words: PluginWords = {}) => ({
  artifact: pinned,
  artifactTypes: [spdxType],
  ...words,
});
const policyOf = (words: object = {}): PolicyInput => ({
  signedBy: [bySigner],
  plugins: [{ ...plugin(), ...words }],
});

/** What is wrong with a policy, and where. */
function problemsOf(policy: unknown) {
  const { error } = policySchema.safeParse(policy);
  return error?.issues.map(({ path, message }) => [path.join("."), message]);
}

test("a plugin is part of a policy", () => {
  expect(problemsOf(policyOf({ config: { any: [1] } }))).toBeUndefined();
});

test.each([
  [
    "T37: a tag",
    { artifact: "plugins.example/acme/check:v1" },
    "plugins.0.artifact",
    "PLUGIN_UNPINNED",
  ],
  [
    "no tag and no digest",
    { artifact: "plugins.example/acme/check" },
    "plugins.0.artifact",
    "PLUGIN_UNPINNED",
  ],
  [
    "no reference",
    { artifact: "https://x" },
    "plugins.0.artifact",
    "has no scheme",
  ],
  [
    "neither, with a policy",
    {
      artifact: "plugins.example/acme/check",
      policy: { signedBy: [bySigner] },
    },
    "plugins.0.artifact",
    "neither a tag nor a digest",
  ],
  ["an empty policy", { policy: {} }, "plugins.0.policy", "blocks nothing"],
  [
    "a policy that only warns",
    { policy: { signedBy: [bySigner], signedByMode: "warn" } },
    "plugins.0.policy",
    "blocks nothing",
  ],
  [
    "a policy with plugins",
    { policy: { signedBy: [bySigner], plugins: [] } },
    "plugins.0.policy",
    "plugins",
  ],
  [
    "no artifact type",
    { artifactTypes: [] },
    "plugins.0.artifactTypes",
    "at least one",
  ],
  [
    "a list in an artifact type",
    { artifactTypes: ["a,b"] },
    "plugins.0.artifactTypes.0",
    "no artifact type",
  ],
  ["a name with a path", { name: "../evil" }, "plugins.0.name", "letters"],
  [
    "a name in its settings",
    { config: { name: "x" } },
    "plugins.0.config.name",
    "beside `config`",
  ],
  ["a timeout without a unit", { timeout: "30" }, "plugins.0.timeout", "`30s`"],
])("%s is an error at its property", (_, words, path, message) => {
  expect(problemsOf(policyOf(words))).toContainEqual([
    path,
    expect.stringContaining(message),
  ]);
});

test("plugins never suffice alone, nor beside what only warns", () => {
  expect(problemsOf({ plugins: [plugin()] })).toEqual([
    ["", expect.stringContaining("plugins judge unsigned things")],
  ]);
  expect(problemsOf({ ...policyOf(), signedByMode: "warn" })).toEqual([
    ["", expect.stringContaining("only a warning")],
  ]);
});

test("T37: a plugin that the provider does not allow is not run, and the message says which line to add", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(pluginScript("yes();"));
    const [, digest = ""] = artifact.split("@");
    await world.attach("MIT");
    const allowed = (...allowedPlugins: string[]) =>
      world.verdict(artifact, {}, { allowedPlugins });
    await expect(allowed()).rejects.toMatchObject({
      fault: "invalid",
      message: expect.stringMatching(
        /policy\.plugins\[0\]\.artifact .*PLUGIN_NOT_ALLOWED.*"plugins\.example\/acme\/check".*allowedPlugins/,
      ),
    });
    await expect(allowed("plugins.example/acme")).rejects.toThrow();
    await expect(allowed("*/other")).rejects.toThrow();
    await expect(allowed(`sha256:${"a".repeat(64)}`)).rejects.toThrow();
    for (const entry of [
      "plugins.example/acme/check",
      "plugins.example/*",
      digest,
    ]) {
      expect(await allowed(entry)).toMatchObject({ outcome: "passed" });
    }
  }));

test("the policy's digest changes with whatever decides about a plugin", () => {
  const other = {
    key: { ...bySigner.key, publicKey: keySigner().publicKeyPem },
  };
  const variants: readonly object[] = [
    {},
    { artifact: pinned.replace("aaa", "bbb") },
    { name: "n" },
    { type: "t" },
    { version: "2" },
    { artifactTypes: ["*"] },
    { nestedReferences: ["*"] },
    { config: { a: 1 } },
    { config: { a: 2 } },
    { timeout: "1m" },
    { mode: "warn" },
    { policy: { signedBy: [bySigner] } },
    { policy: { signedBy: [other] } },
    { policy: { signedBy: [bySigner, other] } },
    { policy: { signedBy: [bySigner, other], threshold: 2 } },
  ];
  const digests = variants.map((words) => policyDigest(policyOf(words)));
  expect(new Set(digests).size).toBe(variants.length);
});

test("trust in a plugin's own policy is examined like any other", async () => {
  const bad = { key: { publicKey: "no key", tlog: "not-required" } };
  const policy = policyOf({ policy: { signedBy: [bad] } });
  const context = contextOf({ allowedPlugins: ["*"] });
  await expect(preparePolicy(policy, context)).rejects.toThrow(
    /policy\.plugins\[0\]\.policy\.signedBy\[0\]\.key/,
  );
});

const signatureType = "application/vnd.example.signature";

test("what is nested must be there, and pass by the plugin that is for it", () =>
  inPluginWorld(async (world) => {
    const licences = await world.publish(licenseScript);
    const checker = await world.publish(
      pluginScript(
        `if (subject === stdin.config.about) yes("signed"); else no("about " + subject);`,
      ),
    );
    const sbom = await world.attach("MIT");
    const plugins = (about: string) => [
      plugin({ artifact: licences, nestedReferences: [signatureType] }),
      plugin({
        artifact: checker,
        name: "second",
        artifactTypes: [signatureType],
        config: { about },
        mode: "warn" as const,
      }),
    ];
    const first = async (about = sbom.digest) => {
      const policy = { signedBy: [bySigner], plugins: plugins(about) };
      const verdicts = await world.verdicts(policy);
      return verdicts.find(({ requirement }) => requirement === "plugins[0]");
    };
    expect(await first()).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_NO_EVIDENCE",
      reason: expect.stringContaining(signatureType),
    });
    const signature = await world.attach("sig", signatureType, sbom);
    expect(await first()).toMatchObject({
      outcome: "passed",
      reliedOn: [sbom.digest, signature.digest],
    });
    expect(await first("sha256:other")).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_FAILED",
      reason: expect.stringContaining(`about ${sbom.digest}`),
    });
  }));

test("what is nested and no plugin's may be signed by somebody the policy names", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(licenseScript);
    const sbom = await world.attach("MIT");
    const words = { nestedReferences: [bundleType] };
    const signedAs = async (by: typeof signer, predicateType = signPredicate) =>
      world.attach(
        await dsseBundle(sbom, by, { predicateType }),
        bundleType,
        sbom,
      );
    const bad = await signedAs(keySigner());
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "failed",
      looked: [{ evidence: bad.digest, authority: "signedBy[0].key" }],
    });
    world.source.manifests.delete(bad.digest);
    const attested = await signedAs(signer, "https://spdx.dev/Document");
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "failed",
    });
    world.source.manifests.delete(attested.digest);
    const good = await signedAs(signer);
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "passed",
      reliedOn: [sbom.digest, good.digest],
    });
  }));

test("more referrers than a plugin may be asked about are a no with the bound in it", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(pluginScript("yes();"));
    for (let i = 0; i <= 50; i++) await world.attach(`MIT ${i}`);
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "failed",
      code: "LIMIT",
    });
  }));
