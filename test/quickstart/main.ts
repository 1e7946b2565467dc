import { startRegistry, type TestRegistry } from "../registry/registry";
import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../samples/signers";
import { inRegistry, put, type SampleDescriptor } from "../samples/target";
import { startStack } from "../lifecycle/harness";
import { findRunner, type Outcome, type Runner } from "./runner";

/** Two registries of this process, the vendor's key, and what runs the program. */
interface Scene {
  readonly vendor: TestRegistry;
  readonly own: TestRegistry;
  readonly signer: KeySigner;
  readonly runner: Runner;
}

const repository = "acme/app";
const mirrored = "mirror/app";
const tag = "1.4";

const say = (text = ""): void => void process.stdout.write(`${text}\n`);

function heading(text: string): void {
  say(`\n── ${text} ${"─".repeat(Math.max(0, 76 - text.length))}\n`);
}

/** The tool's own words, indented. */
function quote(text: string): void {
  for (const line of text.trimEnd().split("\n")) say(`   │ ${line}`.trimEnd());
}

function programFor(vendor: string, own: string, publicKey: string): string {
  return [
    `const mirror = require("pulumi-artifact-mirror");`,
    `const publicKey = \`${publicKey.trimEnd()}\`;`,
    ``,
    `const app = new mirror.MirroredArtifact("app", {`,
    `  source: "${vendor}/${repository}:${tag}",`,
    `  destination: "${own}/${mirrored}:${tag}",`,
    `  policy: { signedBy: [{ key: { publicKey, tlog: "not-required" } }] },`,
    `});`,
    `exports.image = app.ref;`,
    ``,
  ].join("\n");
}

/** Ends the look with what was expected and did not happen. */
function must(holds: boolean, what: string): void {
  if (!holds)
    throw new Error(`this should not have happened: not true that ${what}`);
  say(`   ✓ ${what}`);
}

async function publish(
  { vendor }: Scene,
  seed: string,
): Promise<SampleDescriptor> {
  return put(inRegistry(vendor, repository), image({ seed }), tag);
}

async function signIt(
  { vendor, signer }: Scene,
  subject: SampleDescriptor,
): Promise<void> {
  await attachLegacy(inRegistry(vendor, repository), subject, {
    suffix: "sig",
    layers: [await signatureLayer(subject, signer)],
  });
}

async function firstLook(scene: Scene): Promise<SampleDescriptor> {
  const { own, runner } = scene;
  const app = await publish(scene, "first");
  await signIt(scene, app);
  heading(`1  The vendor publishes app:${tag} and signs it.  →  preview`);
  const preview = await shown(runner.preview());
  must(preview.exitCode === 0, "the preview is green (exit code 0)");
  must(
    preview.text.includes(app.digest),
    "it names the image that would come in",
  );
  must(
    writes(own.requests).length === 0,
    "nothing was written to your registry",
  );
  return app;
}

async function bringIn(
  { own, runner }: Scene,
  app: SampleDescriptor,
): Promise<void> {
  heading("2  Let it in.  →  up");
  const up = await shown(runner.up());
  must(up.exitCode === 0, "the update is green (exit code 0)");
  must(
    own.tag(mirrored, tag) === app.digest,
    `your ${mirrored}:${tag} is ${short(app)}`,
  );
  must(
    own.tag(mirrored, `${app.digest.replace(":", "-")}.sig`) !== undefined,
    "its signature came along",
  );
}

async function refuse(
  scene: Scene,
  before: SampleDescriptor,
): Promise<SampleDescriptor> {
  const { own, runner } = scene;
  const app = await publish(scene, "second");
  own.resetRequests();
  heading(
    `3  app:${tag} now names another image, which nobody has signed.  →  preview`,
  );
  const preview = await shown(runner.preview());
  must(
    preview.exitCode !== 0,
    `the preview is red (exit code ${preview.exitCode})`,
  );
  must(
    preview.text.includes(app.digest),
    "it names the image that was refused",
  );
  must(
    writes(own.requests).length === 0,
    "nothing was written to your registry",
  );
  must(
    own.tag(mirrored, tag) === before.digest,
    `your ${mirrored}:${tag} still is ${short(before)}`,
  );
  return app;
}

async function admit(scene: Scene, app: SampleDescriptor): Promise<void> {
  const { own, runner } = scene;
  await signIt(scene, app);
  heading("4  The vendor signs that one, too.  →  up");
  const up = await shown(runner.up());
  must(up.exitCode === 0, "the update is green (exit code 0)");
  must(
    own.tag(mirrored, tag) === app.digest,
    `your ${mirrored}:${tag} is ${short(app)}`,
  );
}

const short = ({ digest }: SampleDescriptor): string =>
  `${digest.slice(0, 19)}…`;

async function shown(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  quote(outcome.text);
  say();
  return outcome;
}

async function look(vendor: TestRegistry, own: TestRegistry): Promise<void> {
  const signer = keySigner();
  const program = programFor(vendor.host, own.host, signer.publicKeyPem);
  const stack = startStack({
    program,
    registries: [vendor, own],
    project: "quickstart",
  });
  try {
    const plain = [vendor, own].map(({ host }) => ({ host, plainHttp: true }));
    const runner = await findRunner(stack, JSON.stringify(plain));
    const scene = { vendor, own, signer, runner };
    say("artifact-mirror, in a minute");
    say(`\n   run by             ${runner.name}`);
    say(
      `   the vendor's side  http://${vendor.host}   (a registry in this process)`,
    );
    say(`   your side          http://${own.host}   (another one)`);
    heading("0  The program");
    quote(program);
    const first = await firstLook(scene);
    await bringIn(scene, first);
    const second = await refuse(scene, first);
    await admit(scene, second);
  } finally {
    stack.close();
  }
}

async function main(): Promise<void> {
  const [vendor, own] = await Promise.all([startRegistry(), startRegistry()]);
  try {
    await look(vendor, own);
    say('\nThat was all. Your own registries: see README.md, "Five minutes".');
  } catch (error) {
    say(`\n   ✗ ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await Promise.all([vendor.close(), own.close()]);
  }
}

void main();
