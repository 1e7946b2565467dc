import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { notationReferrer, type NotationForm } from "../../samples/notation";
import { inRegistry, put, type SampleDescriptor } from "../../samples/target";
import { startAuthorityServer, type AuthorityServer } from "../authorityServer";
import { openJudge, type Judge, type Judgement } from "../judge";
import {
  verifyWithNotation,
  type NotationCase,
  type NotationVerdict,
} from "../notation";
import { build, describeWithGo, notation } from "../tools";
import type { Compared, Side } from "./compared";
import { diceOf } from "./dice";
import {
  notationAuthorities,
  notationChains,
  notationKeys,
  notationRevocations,
} from "./notationChains";
import { notationContents } from "./notationContents";
import {
  signedBy,
  type NotationEvidence,
  type NotationSigned,
} from "./notationEvidence";
import { notationTimes } from "./notationTimes";
import {
  documentOf,
  notationLevels,
  notationPolicies,
  notationStores,
  type NotationPolicy,
} from "./notationPolicies";
import { notationTrust, type NotationTrust } from "./notationTrust";
import { idle, tally } from "./tally";

const installing = 25 * 60 * 1000;
const randomCases = 100;
const forms: readonly NotationForm[] = ["jws", "cose"];

const notationEvidence = [
  ...notationTimes,
  ...notationContents,
  ...notationKeys,
  ...notationChains,
  ...notationRevocations,
  ...notationAuthorities,
];

interface Combination {
  readonly evidence: NotationEvidence;
  readonly form: NotationForm;
  readonly policy: NotationPolicy;
}

/** Every evidence under the levels, every policy over what is good, and pairs by chance. */
function combinations(): readonly Combination[] {
  const dice = diceOf();
  process.stderr.write(`differential notation: INTEROP_SEED=${dice.seed}\n`);
  const broken = notationEvidence.flatMap((evidence) =>
    (evidence.forms ?? forms).flatMap((form) =>
      notationLevels.map((policy) => ({ evidence, form, policy })),
    ),
  );
  const good = notationEvidence.filter(({ name }) =>
    ["plain", "by a signing authority", "stamped"].includes(name),
  );
  const asked = notationPolicies.flatMap((policy) =>
    good.map((evidence) => ({ evidence, form: dice.one(forms), policy })),
  );
  const chance = Array.from({ length: randomCases }, () => {
    const evidence = dice.one(notationEvidence);
    const form = dice.one(evidence.forms ?? forms);
    return { evidence, form, policy: dice.one(notationPolicies) };
  });
  return [...broken, ...asked, ...chance];
}

interface Placed extends NotationSigned {
  readonly repository: string;
  readonly subject: SampleDescriptor;
}

describeWithGo("our verdict and notation-go's", () => {
  let registry: TestRegistry;
  let server: AuthorityServer;
  let judge: Judge;
  let trust: NotationTrust;
  const places = new Map<string, Placed>();

  beforeAll(async () => {
    build(notation);
    registry = await startRegistry();
    server = await startAuthorityServer();
    judge = openJudge([registry.host, server.host]);
    trust = notationTrust(server);
  }, installing);
  afterAll(async () => {
    await judge?.close();
    await server?.close();
    await registry?.close();
  });

  async function place({ evidence, form }: Combination): Promise<Placed> {
    const key = `${evidence.name}/${form}`;
    const known = places.get(key);
    if (known) return known;
    const path = `acme/app-${places.size}`;
    const target = inRegistry(registry, path);
    const subject = await put(target, image({ seed: key }), "v1");
    const signed = signedBy(evidence, form, { subject, trust });
    await put(target, notationReferrer(subject, signed.layer, signed));
    const placed = {
      ...signed,
      subject,
      repository: `${registry.host}/${path}`,
    };
    places.set(key, placed);
    return placed;
  }

  function caseOf({ policy }: Combination, placed: Placed): NotationCase {
    const { subject, layer, repository } = placed;
    return {
      trustPolicy: documentOf(policy, repository),
      trustStores: notationStores(trust),
      descriptor: {
        mediaType: subject.mediaType,
        digest: subject.digest,
        size: subject.size,
      },
      mediaType: layer.mediaType,
      envelope: layer.bytes,
      reference: `${repository}@${subject.digest}`,
    };
  }

  function ours({
    trustPolicy,
    trustStores,
    reference,
  }: NotationCase): Promise<Judgement> {
    return judge.ask(reference, {
      signedBy: [
        { notation: { trustPolicy: JSON.stringify(trustPolicy), trustStores } },
      ],
    });
  }

  test("are the same, but for differences that we mean", async () => {
    const all = combinations();
    const cases: NotationCase[] = [];
    for (const one of all) cases.push(caseOf(one, await place(one)));
    const theirs = await verifyWithNotation(cases);
    const compared: Compared[] = [];
    for (const [i, { evidence, form, policy }] of all.entries()) {
      const asked = cases[i];
      const said = theirs[i];
      if (!asked || !said) throw new Error("notation lost a case");
      compared.push({
        name: `${evidence.name} (${form}) under ${policy.name}`,
        traits: [evidence.name, form, ...policy.name.split(" ")],
        theirs: theirSide(said),
        ours: ourSide(await ours(asked)),
      });
    }
    const counted = tally("notation", compared);
    process.stderr.write(`differential ${counted.line}\n`);
    expect(counted.differences).toEqual([]);
    expect(idle("notation", counted)).toEqual([]);
    expect(counted.admitted).toBeGreaterThan(300);
  }, 300_000);
});

function theirSide({
  outcome,
  error = "",
  logged = [],
}: NotationVerdict): Side {
  const admits = outcome === "verified" || outcome === "skipped";
  return { admits, notes: logged, why: `${outcome} ${error}` };
}

function ourSide({ outcome, code, notes, ignored, message }: Judgement): Side {
  return {
    admits: outcome === "verified",
    notes: notes.flatMap(
      (note) => /^only logged: (\w+):/.exec(note)?.[1] ?? [],
    ),
    why: `${outcome} ${code} ${ignored.join()} ${message.split("\n")[4] ?? ""}`,
  };
}
