import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { startCosign, type Cosign } from "../cosign";
import { openJudge, type Judge } from "../judge";
import { describeWithGo } from "../tools";
import type { Compared } from "./compared";
import { attach, cosignEvidence, type CosignEvidence } from "./cosignEvidence";
import {
  commandOf,
  cosignPolicies,
  policyOf,
  prepare,
  type CosignPolicy,
} from "./cosignPolicies";
import { cosignTrust, type CosignTrust } from "./cosignTrust";
import { diceOf, type Dice } from "./dice";
import { idle, tally } from "./tally";

const installing = 25 * 60 * 1000;

interface Combination {
  readonly evidence: CosignEvidence;
  readonly policy: CosignPolicy;
}

const isKey = ({ pieces: [piece] }: CosignEvidence): boolean =>
  piece?.by.toLowerCase().includes("key") ?? false;
const isAttested = ({ pieces: [piece] }: CosignEvidence): boolean =>
  piece?.form.toLowerCase().includes("att") ?? false;

/** Every evidence under the policy that it is made for, every policy over what is good, and some by chance. */
function combinations(dice: Dice): readonly Combination[] {
  const natural = cosignEvidence.flatMap((evidence) => {
    const who = isKey(evidence) ? "key" : "identity";
    const name = isAttested(evidence) ? `${who}, reviewed` : who;
    return cosignPolicies
      .filter((policy) => policy.name === name)
      .map((policy) => ({ evidence, policy }));
  });
  const good = cosignEvidence.filter(({ name }) =>
    /: (key, logged|identity)$|, (annotated|stamped)/.test(name),
  );
  const every = cosignPolicies.flatMap((policy) =>
    good
      .filter((evidence) => isKey(evidence) === policy.byKey)
      .filter((evidence) => policy.type === undefined || isAttested(evidence))
      .map((evidence) => ({ evidence, policy })),
  );
  const unproven = cosignEvidence
    .filter(({ name }) => /: identity, (neither|log entry taken)/.test(name))
    .flatMap((evidence) =>
      cosignPolicies
        .filter(({ name }) => name.startsWith("identity, no log"))
        .map((policy) => ({ evidence, policy })),
    );
  const chance = cosignEvidence.map((evidence) => ({
    evidence,
    policy: dice.one(cosignPolicies),
  }));
  const unique = new Map(
    [...natural, ...every, ...unproven, ...chance].map((one) => [
      `${one.evidence.name} under ${one.policy.name}`,
      one,
    ]),
  );
  return [...unique.values()];
}

describeWithGo("our verdict and cosign's", () => {
  let cosign: Cosign;
  let listing: TestRegistry;
  let plain: TestRegistry;
  let judge: Judge;
  let trust: CosignTrust;
  const places = new Map<string, string>();

  beforeAll(async () => {
    cosign = await startCosign();
    listing = await startRegistry();
    plain = await startRegistry({ referrersApi: false });
    judge = openJudge([listing.host, plain.host]);
    trust = await cosignTrust();
    prepare(cosign, trust);
  }, installing);
  afterAll(async () => {
    await judge?.close();
    await listing?.close();
    await plain?.close();
    await cosign?.close();
  });

  async function place(evidence: CosignEvidence): Promise<string> {
    const known = places.get(evidence.name);
    if (known) return known;
    const registry = places.size % 2 === 0 ? listing : plain;
    const path = `acme/app-${places.size}`;
    const target = inRegistry(registry, path);
    const another = image({ seed: `${path} another` }).descriptor;
    const subject = await put(target, image({ seed: path }), "v1");
    const fallback = registry === plain;
    await attach(evidence, { target, subject, another, trust, fallback });
    const reference = `${registry.host}/${path}@${subject.digest}`;
    places.set(evidence.name, reference);
    return reference;
  }

  async function compare({ evidence, policy }: Combination): Promise<Compared> {
    const reference = await place(evidence);
    const [theirs, ours] = await Promise.all([
      cosign.tried(...commandOf(policy, trust), reference),
      judge.ask(reference, policyOf(policy, trust)),
    ]);
    return {
      name: `${evidence.name} under ${policy.name}`,
      traits: [
        ...evidence.name.split(/: |, /),
        ...policy.name.split(", "),
        policy.type === undefined ? "of signatures" : "of attestations",
      ],
      theirs: {
        admits: theirs.code === 0,
        why: theirs.stderr.trim().split("\n").slice(-2).join(" "),
      },
      ours: {
        admits: ours.outcome === "verified",
        why: `${ours.outcome} ${ours.code} ${ours.ignored.join()}`,
      },
    };
  }

  test("are the same, but for differences that we mean", async () => {
    const dice = diceOf();
    process.stderr.write(`differential cosign: INTEROP_SEED=${dice.seed}\n`);
    const compared: Compared[] = [];
    for (const one of combinations(dice)) compared.push(await compare(one));
    const counted = tally("cosign", compared);
    process.stderr.write(`differential ${counted.line}\n`);
    expect(counted.differences).toEqual([]);
    expect(idle("cosign", counted)).toEqual([]);
    expect(counted.admitted).toBeGreaterThan(100);
    expect(cosign.strays()).toBe(0);
  }, 300_000);
});
