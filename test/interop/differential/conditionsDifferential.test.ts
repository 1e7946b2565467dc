import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { attachLegacy } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { attestationLayer } from "../../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../../samples/signers";
import { inRegistry, put } from "../../samples/target";
import { startCosign, type Cosign } from "../cosign";
import { openJudge, type Judge } from "../judge";
import { describeWithGo } from "../tools";
import type { Compared } from "./compared";
import { reviewed } from "./cosignEvidence";
import { idle, tally } from "./tally";

const installing = 25 * 60 * 1000;

/** One condition in cosign's two languages, of which it takes one, and in ours. */
const conditions = [
  {
    name: "equal",
    cue: 'result: "PASSED"',
    cel: 'predicate.result == "PASSED"',
  },
  { name: "at least", cue: "score: >=5", cel: "predicate.score >= 5" },
  {
    name: "one of",
    cue: 'result: "PASSED" | "WARNED"',
    cel: 'predicate.result in ["PASSED", "WARNED"]',
  },
  {
    name: "like",
    cue: 'scanner: uri: =~"^https://scan\\\\.example/v[0-9]+$"',
    cel: "predicate.scanner.uri.matches(r'^https://scan\\.example/v[0-9]+$')",
  },
  {
    name: "two",
    cue: 'result: "PASSED", score: <9',
    cel: 'predicate.result == "PASSED" && predicate.score < 9',
  },
  {
    name: "not",
    cue: 'result: !="FAILED"',
    cel: 'predicate.result != "FAILED"',
  },
  {
    name: "absent",
    cue: 'absent: "x"',
    cel: 'predicate.absent == "x"',
  },
] as const;

const predicates: readonly object[] = [
  { result: "PASSED", score: 7, scanner: { uri: "https://scan.example/v2" } },
  { result: "PASSED", score: 9, scanner: { uri: "https://scan.example/v10" } },
  { result: "WARNED", score: 5, scanner: { uri: "https://scan.example/vx" } },
  {
    result: "FAILED",
    score: 1,
    scanner: { uri: "https://evil.example/?https://scan.example/v2" },
  },
];
const pairs = [[0], [1], [2], [3], [0, 1], [0, 3], [3, 0], [1, 2]] as const;
const forms = ["att", "bundleAtt"] as const;
const cases = forms.flatMap((form) =>
  pairs.flatMap((which) =>
    conditions.map((condition) => ({ form, which, condition })),
  ),
);
type Case = (typeof cases)[number];

describeWithGo("our conditions and cosign's policies", () => {
  let cosign: Cosign;
  let registry: TestRegistry;
  let judge: Judge;
  let signer: KeySigner;
  const places = new Map<string, string>();

  beforeAll(async () => {
    cosign = await startCosign();
    registry = await startRegistry();
    judge = openJudge([registry.host]);
    signer = keySigner();
    cosign.file("key.pub", signer.publicKeyPem);
  }, installing);
  afterAll(async () => {
    await judge?.close();
    await registry?.close();
    await cosign?.close();
  });

  async function place({ form, which }: Case): Promise<string> {
    const key = `${form}-${which.join("-")}`.toLowerCase();
    const known = places.get(key);
    if (known) return known;
    const target = inRegistry(registry, key);
    const subject = await put(target, image({ seed: key }));
    const options = which.map((at) => ({
      predicateType: reviewed,
      predicate: predicates[at],
    }));
    if (form === "att") {
      const layers = await Promise.all(
        options.map((one) => attestationLayer(subject, signer, one)),
      );
      await attachLegacy(target, subject, { suffix: "att", layers });
    } else {
      for (const one of options) {
        await put(target, await bundleReferrer(subject, signer, one));
      }
    }
    const reference = `${registry.host}/${key}@${subject.digest}`;
    places.set(key, reference);
    return reference;
  }

  async function compare(one: Case): Promise<Compared> {
    const { form, which, condition } = one;
    const reference = await place(one);
    const file = cosign.file("policy.cue", `predicate: {${condition.cue}}\n`);
    const flags = ["--key", "key.pub", "--insecure-ignore-tlog", "--offline"];
    const command = ["verify-attestation", "--type", reviewed, ...flags];
    const theirs = await cosign.tried(...command, "--policy", file, reference);
    const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
    const ours = await judge.ask(reference, {
      attestations: [
        { type: reviewed, by: [{ key }], match: "all", where: condition.cel },
      ],
    });
    return {
      name: `${form} ${which.join(" and ")}: ${condition.name}`,
      traits: [form, condition.name],
      theirs: { admits: theirs.code === 0, why: theirs.stderr.trim() },
      ours: {
        admits: ours.outcome === "verified",
        why: `${ours.outcome} ${ours.code} ${ours.message}`,
      },
    };
  }

  test('are met by the same attestations, all of which must meet them (match: "all")', async () => {
    const compared: Compared[] = [];
    for (const one of cases) compared.push(await compare(one));
    const counted = tally("cosign CUE", compared);
    process.stderr.write(`differential ${counted.line}\n`);
    expect(counted.differences).toEqual([]);
    expect(idle("cosign CUE", counted)).toEqual([]);
    expect(counted.admitted).toBeGreaterThan(40);
  }, 120_000);
});
