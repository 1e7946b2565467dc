import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provider } from "../../../provider/hosts/plugin/provider";
import { keySigner } from "../../samples/signers";
import { sha256 } from "../../samples/target";

const signedWith = (publicKey: string) => ({
  signedBy: [{ key: { publicKey } }],
});

describe("the provider's own words", () => {
  test.each<[string, object]>([
    ["allowedPlugins", { allowedPlugins: ["ghcr.io/acme/plugins/*"] }],
    ["trustRefresh", { trustRefresh: "tuf" }],
    ["trustRefresh, off", { trustRefresh: "never" }],
  ])("%s is taken, and the world has it", (_, config) => {
    expect(provider.check({ ...config })).toEqual([]);
    expect(provider.open({ ...config }).world).toMatchObject(config);
  });

  test("without them no plugin may run, and nothing is asked of anybody", () => {
    expect(provider.open({}).world).toMatchObject({
      allowedPlugins: [],
      trustRefresh: "never",
    });
  });

  test.each<[string, object, string]>([
    ["an empty name", { allowedPlugins: [""] }, "allowedPlugins[0]"],
    ["no list", { allowedPlugins: "ghcr.io/acme" }, "allowedPlugins"],
    ["another word", { trustRefresh: "sometimes" }, "trustRefresh"],
    ["an unknown word", { allowPlugins: [] }, "allowPlugins"],
  ])("%s is refused at its property", (_, config, property) => {
    expect(provider.check({ ...config })).toMatchObject([{ property }]);
  });
});

describe("shared policies", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "configuration-"));
    file = join(folder, "vendor.pem");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("a file of trust material gets its digest", async () => {
    const { publicKeyPem } = keySigner();
    writeFileSync(file, publicKeyPem);
    const policies = { "my vendors": signedWith(`file:${file}`) };
    const digest = sha256(Buffer.from(publicKeyPem));
    expect(await provider.pin({ policies })).toEqual({
      changes: {
        policies: { "my vendors": signedWith(`file:${file}@${digest}`) },
      },
      failures: [],
    });
  });

  test.each<[string, (file: string) => object, string]>([
    [
      "a file that is not there",
      (path) => signedWith(`file:${path}`),
      'policies["my vendors"].signedBy[0].key.publicKey',
    ],
    [
      "a pattern that does not compile",
      () => ({
        signedBy: [{ keyless: { issuer: "i", identityPattern: "(" } }],
      }),
      'policies["my vendors"].signedBy[0].keyless.identityPattern',
    ],
  ])("%s is told at its property", async (_, policyOf, property) => {
    const config = JSON.parse(
      JSON.stringify({ policies: { "my vendors": policyOf(file) } }),
    );
    const { failures } = await provider.pin(config);
    expect(failures).toMatchObject([{ property }]);
  });
});
