import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRegistry, type TestRegistry } from "../../../registry/registry";
import {
  emptyConfig,
  image,
  manifest,
  multiArch,
} from "../../../samples/artifacts";
import { attachLegacy, attachReferrer } from "../../../samples/attach";
import { signatureLayer } from "../../../samples/legacyEvidence";
import { sbomArtifact } from "../../../samples/otherArtifacts";
import { keySigner, type KeySigner } from "../../../samples/signers";
import {
  inRegistry,
  put,
  type SampleDescriptor,
} from "../../../samples/target";
import { commandLine, type Said } from "./commandLine";

interface Desk {
  readonly registry: TestRegistry;
  readonly source: string;
  readonly signer: KeySigner;
  readonly descriptor: SampleDescriptor;
  readonly folder: string;
  say(...words: readonly string[]): Promise<Said>;
  sayInColour(...words: readonly string[]): Promise<Said>;
}

/** A registry with a signed index, and a folder with the policies that admit it, and that do not. */
async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const registry = await startRegistry();
  const folder = mkdtempSync(join(tmpdir(), "looking-"));
  try {
    const vendor = inRegistry(registry, "acme/app");
    const descriptor = await put(vendor, multiArch(), "1");
    const signer = keySigner();
    const layers = [await signatureLayer(descriptor, signer)];
    await attachLegacy(vendor, descriptor, { suffix: "sig", layers });
    await attachReferrer(vendor, sbomArtifact(descriptor));
    writeFileSync(join(folder, "good.yaml"), policyOf(signer));
    writeFileSync(join(folder, "bad.yaml"), policyOf(keySigner()));
    writeFileSync(join(folder, "none.yaml"), "unverified: ticket 7\n");
    const environment = { HOME: folder };
    const say = (words: readonly string[], colours: boolean) =>
      commandLine([...words, "--plain-http", registry.host], {
        folder,
        environment,
        colours,
      });
    await work({
      registry,
      source: `${registry.host}/acme/app:1`,
      signer,
      descriptor,
      folder,
      say: (...words) => say(words, false),
      sayInColour: (...words) => say(words, true),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await registry.close();
  }
}

const policyOf = ({ publicKeyPem }: KeySigner) =>
  JSON.stringify({
    signedBy: [{ key: { publicKey: publicKeyPem, tlog: "not-required" } }],
  });

test("verify: what is signed is verified, by whom and since when, and the exit code is 0", () =>
  atDesk(async ({ source, signer, descriptor, registry, say }) => {
    const said = await say("verify", source, "--policy", "good.yaml");
    expect(said).toMatchObject({ code: 0, complained: "" });
    const [ref, outcome, , requirement] = said.printed.split("\n");
    expect(ref).toBe(`${registry.host}/acme/app@${descriptor.digest}`);
    expect(outcome).toBe("verified");
    expect(requirement).toMatch(/^ {2}yes {2}signedBy {2}key sha256:/);
    expect(requirement).toContain(signer.keyId);
    expect(requirement).toContain("cosign-simplesigning");
  }));

test("verify: what is refused says no, why, and what to do, and the exit code is 3", () =>
  atDesk(async ({ source, say }) => {
    const said = await say("verify", source, "--policy", "bad.yaml");
    expect(said).toMatchObject({ code: 3, complained: "" });
    const lines = said.printed.split("\n");
    expect(lines[1]).toBe("refused");
    expect(lines[3]).toMatch(/^ {2}no {2}signedBy {2}/);
    expect(said.printed).toContain("wanted: signedBy[0].key: key sha256:");
    expect(lines.every((line) => !line.includes("\u001b"))).toBe(true);
  }));

test("verify: a policy that verifies nothing says so, and why", () =>
  atDesk(async ({ source, say }) => {
    const said = await say("verify", source, "--policy", "none.yaml");
    expect(said.code).toBe(0);
    expect(said.printed.split("\n")[1]).toBe("unverified: ticket 7");
  }));

test("verify: what could not be asked is inconclusive, and the exit code is 4", () =>
  atDesk(async ({ source, registry, say }) => {
    registry.misbehave({
      path: /\/referrers\//,
      times: Infinity,
      action: { status: 403 },
    });
    const said = await say("verify", source, "--policy", "bad.yaml");
    expect(said.code).toBe(4);
    expect(said.printed.split("\n")[1]).toBe("inconclusive");
    expect(said.printed).toMatch(/^ {2}unsure {2}signedBy/m);
  }));

test("verify: colours repeat what the words say", () =>
  atDesk(async ({ source, sayInColour }) => {
    const good = await sayInColour("verify", source, "--policy", "good.yaml");
    expect(good.printed).toContain("\u001b[32mverified\u001b[0m");
    const bad = await sayInColour("verify", source, "--policy", "bad.yaml");
    expect(bad.printed).toContain("\u001b[31mrefused\u001b[0m");
  }));

test("verify: a shared policy is named by --use, from --config", () =>
  atDesk(async ({ source, signer, registry, folder, say }) => {
    const config = {
      registries: [{ host: registry.host, plainHttp: true }],
      policies: { vendors: JSON.parse(policyOf(signer)) },
    };
    writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
    const named = ["--use", "vendors", "--config", "config.yaml"];
    expect((await say("verify", source, ...named)).code).toBe(0);
    const both = await say("verify", source, ...named, "--policy", "good.yaml");
    expect(both.code).toBe(2);
    expect(both.complained).toContain("--policy and --use both name one");
  }));

test("verify: without a policy nothing is asked", () =>
  atDesk(async ({ source, registry, say }) => {
    const said = await say("verify", source);
    expect(said.code).toBe(2);
    expect(said.complained).toMatch(/^error: .*names no policy.*--policy FILE/);
    expect(registry.requests).toEqual([]);
  }));

test("verify: what is not there is an error on stderr, and the exit code is 1", () =>
  atDesk(async ({ source, say }) => {
    const said = await say("verify", `${source}9`, "--policy", "good.yaml");
    expect(said).toMatchObject({ code: 1, printed: "" });
    expect(said.complained).toMatch(/^error: could not resolve: source /);
  }));

test("artifact: what it is, in one screen", () =>
  atDesk(async ({ source, descriptor, say }) => {
    const { code, printed } = await say("artifact", source);
    expect(code).toBe(0);
    expect(printed).toContain(descriptor.digest);
    expect(printed).toMatch(/^kind +index$/m);
    expect(printed).toMatch(/^platforms +linux\/amd64, linux\/arm64\/v8$/m);
    expect(printed).toMatch(/^manifests\n {2}linux\/amd64 +image +sha256:/m);
  }));

test("artifact: one platform of it", () =>
  atDesk(async ({ source, say }) => {
    const said = await say("artifact", source, "--platform", "linux/amd64");
    expect(said.printed).toMatch(/^platforms +linux\/amd64$/m);
  }));

test("tree: what hangs on what; with a policy, who has really signed", () =>
  atDesk(async ({ source, signer, say, sayInColour }) => {
    const plain = await say("tree", source);
    expect(plain.code).toBe(0);
    expect(plain.printed).toMatch(/^├─ signature .*unproven: claims a key/m);
    expect(plain.printed).toMatch(/^├─ sbom {2}sha256:/m);
    const judged = await say("tree", source, "--policy", "good.yaml");
    expect(judged.printed).toContain(`proven: signed by key ${signer.keyId}`);
    expect(judged.printed).toMatch(/the policy says: verified$/);
    const seen = await sayInColour("tree", source);
    expect(seen.printed).toContain("\u001b[33munproven: claims a key");
  }));

test("catalog: a row a repository, and what may be missing on stderr", () =>
  atDesk(async ({ registry, say }) => {
    await put(inRegistry(registry, "acme/web"), image(), "2");
    const said = await say("catalog", registry.host, "--types");
    expect(said).toMatchObject({ code: 0, complained: "" });
    expect(said.printed).toMatch(
      new RegExp(`^${registry.host}/acme/app +index +1 `, "m"),
    );
    expect(said.printed).toMatch(/2 repositories, listed by distribution$/);
    const short = await say("catalog", registry.host, "--max", "1");
    expect(short.printed).toMatch(/^1 repository, .*; there are more$/m);
    expect(short.complained).toMatch(/^note: there are more than these 1/);
  }));

test.each([
  ["--way", "guess", /way/],
  ["--max", "many", /max/],
])("catalog: %s %s is not understood", (option, text, expected) =>
  atDesk(async ({ registry, say }) => {
    const said = await say("catalog", registry.host, option, text);
    expect(said.code).toBe(2);
    expect(said.complained).toMatch(expected);
    expect(registry.requests).toEqual([]);
  }),
);

test.each([["artifact"], ["tree"], ["verify", "--policy", "good.yaml"]])(
  "%s --json prints the function's own answer and nothing else",
  (word, ...more) =>
    atDesk(async ({ source, descriptor, say }) => {
      const { printed } = await say(word, source, ...more, "--json");
      const answer: unknown = JSON.parse(printed);
      expect(answer).toMatchObject({ source, digest: descriptor.digest });
    }),
);

test("nothing that a publisher writes moves the cursor, or turns the direction of reading", () =>
  atDesk(async ({ registry, descriptor, say }) => {
    const evil = "\u001b[2J\u202egnp.\u0007";
    const vendor = inRegistry(registry, "acme/app");
    const sample = manifest({
      artifactType: `application/${evil}`,
      config: emptyConfig,
      layers: [
        {
          mediaType: "text/plain",
          bytes: Buffer.from("x"),
          annotations: { "org.opencontainers.image.title": evil },
        },
      ],
      subject: descriptor,
      annotations: { [evil]: evil },
    });
    await put(vendor, sample, "evil");
    const source = `${registry.host}/acme/app`;
    const said = [
      await say("artifact", `${source}:evil`),
      await say("artifact", `${source}:evil`, "--json"),
      await say("tree", `${source}:1`),
      await say("tree", `${source}:1`, "--json"),
      await say("catalog", registry.host, "--types"),
    ];
    for (const { code, printed, complained } of said) {
      expect({ code, complained }).toEqual({ code: 0, complained: "" });
      expect(printed.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
    }
  }));
