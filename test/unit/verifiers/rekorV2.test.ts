import { createHash } from "node:crypto";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import type { Envelope } from "../../samples/legacyEvidence";
import {
  createRekorV2,
  dsseV2,
  hashedRekordV2,
  type RekorV2,
  type RekorV2Body,
  type RekorV2Entry,
} from "../../samples/rekorV2";
import { keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import {
  bundleLayer,
  changed,
  evidenceOf,
  verdictOn,
  type Editable,
} from "./world";

const subject = image().descriptor;
const other = image({ seed: "other" }).descriptor;
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";
const vendor = keySigner();

let world: SigstoreWorld;
let log: RekorV2;
let trustedRoots: string[];
let person: Signer;
beforeAll(async () => {
  world = await createSigstoreWorld();
  log = createRekorV2(world.clock);
  trustedRoots = [
    changed(world.trustedRoot, ({ tlogs }) => tlogs.push(log.tlog)).toString(),
  ];
  person = await world.keyless({ issuer, identity });
});

type Make = (envelope: Envelope, signer: Signer) => RekorV2Body;
const makes = { "dsse/0.0.2": dsseV2, "hashedrekord/0.0.2": hashedRekordV2 };
const kinds: readonly [string, Make][] = Object.entries(makes);

interface Asked {
  readonly make?: Make;
  readonly signer?: Signer;
  readonly stamped?: boolean;
  readonly about?: typeof subject;
}

/** A bundle without a log entry, and its envelope. */
async function unlogged({ signer = vendor, stamped = true, about }: Asked) {
  const bundle = await dsseBundle(about ?? subject, signer, {
    predicateType: signPredicate,
    ...(stamped && { timestamp: world }),
  });
  const { dsseEnvelope }: { dsseEnvelope: Envelope } = JSON.parse(
    bundle.toString(),
  );
  return { bundle, envelope: dsseEnvelope };
}

const withEntries = (bundle: Buffer, entries: readonly object[]) =>
  changed(bundle, ({ verificationMaterial }) => {
    verificationMaterial.tlogEntries = entries;
  });

/** A bundle that is logged, with something changed in the entry. */
async function logged(
  asked: Asked = {},
  change: (entry: Editable) => void = () => undefined,
): Promise<Buffer> {
  const { make = dsseV2, signer = vendor } = asked;
  const { bundle, envelope } = await unlogged(asked);
  const entry: Editable = structuredClone(log.log(make(envelope, signer)));
  change(entry);
  return withEntries(bundle, [entry]);
}

const byKey = (): AuthorityInput => ({
  key: { publicKey: vendor.publicKeyPem, trustedRoots },
});
const byIdentity = (): AuthorityInput => ({
  keyless: { issuer, identity, trustedRoots },
});

async function codeOf(input: AuthorityInput, bundle: Buffer): Promise<string> {
  const answer = await verdictOn(
    input,
    evidenceOf(subject, bundleLayer(bundle)),
  );
  return answer.outcome === "authenticated" ? "OK" : answer.code;
}

describe.each(kinds)("a Rekor v2 entry %s", (_, make) => {
  test("is enough for a key, with a timestamp and without", async () => {
    expect(await codeOf(byKey(), await logged({ make }))).toBe("OK");
    const bare = await logged({ make, stamped: false });
    expect(await codeOf(byKey(), bare)).toBe("OK");
  });

  test("and a timestamp are enough for an identity", async () => {
    const bundle = await logged({ make, signer: person });
    expect(await codeOf(byIdentity(), bundle)).toBe("OK");
  });

  test("T15: proves no time by itself, not even by the time it claims", async () => {
    const asked = { make, signer: person, stamped: false };
    expect(await codeOf(byIdentity(), await logged(asked))).toBe(
      "TIME_UNPROVEN",
    );
    const claiming = await logged(asked, (entry) => {
      entry.integratedTime = String(world.clock.getTime() / 1000);
    });
    expect(await codeOf(byIdentity(), claiming)).toBe("TIME_UNPROVEN");
  });

  test("T11: that names another key, or another certificate, is refused", async () => {
    const { bundle, envelope } = await unlogged({});
    const foreign = log.log(make(envelope, keySigner()));
    expect(await codeOf(byKey(), withEntries(bundle, [foreign]))).toBe(
      "TLOG_MISMATCH",
    );
    const mine = await unlogged({ signer: person });
    for (const signer of [
      await world.keyless({ issuer, identity }),
      keySigner(),
    ]) {
      const entry = log.log(make(mine.envelope, signer));
      const evidence = withEntries(mine.bundle, [entry]);
      expect(await codeOf(byIdentity(), evidence)).toBe("TLOG_MISMATCH");
    }
  });

  test("T11, T12: of another artifact is refused", async () => {
    const { bundle } = await unlogged({});
    const { envelope } = await unlogged({ about: other });
    const entry = log.log(make(envelope, vendor));
    expect(await codeOf(byKey(), withEntries(bundle, [entry]))).toBe(
      "TLOG_MISMATCH",
    );
  });

  test("T12: with the same signature about other bytes is refused", async () => {
    const { bundle, envelope } = await unlogged({});
    const payload = Buffer.from("{}").toString("base64");
    const entry = log.log(make({ ...envelope, payload }, vendor));
    expect(await codeOf(byKey(), withEntries(bundle, [entry]))).toBe(
      "TLOG_MISMATCH",
    );
  });

  test.each<[string, (entry: Editable) => void, string]>([
    [
      "with another root hash",
      ({ inclusionProof }) =>
        (inclusionProof.rootHash = Buffer.alloc(32).toString("base64")),
      "TLOG_INVALID",
    ],
    [
      "with another hash on its path",
      ({ inclusionProof }) =>
        (inclusionProof.hashes = [Buffer.alloc(32).toString("base64")]),
      "TLOG_INVALID",
    ],
    [
      "at another index",
      ({ inclusionProof }) => (inclusionProof.logIndex = "0"),
      "TLOG_INVALID",
    ],
    [
      "with a checkpoint about another tree",
      ({ inclusionProof }) =>
        (inclusionProof.checkpoint.envelope =
          inclusionProof.checkpoint.envelope.replace("\n2\n", "\n3\n")),
      "TLOG_INVALID",
    ],
    ["without its proof", (entry) => delete entry.inclusionProof, "MALFORMED"],
    [
      "of a kind that its body is not",
      ({ kindVersion }) => (kindVersion.version = "0.0.1"),
      "MALFORMED",
    ],
  ])("T14: %s is refused", async (_name, change, code) => {
    expect(await codeOf(byKey(), await logged({ make }, change))).toBe(code);
  });

  test("of a log that the root does not know is no entry", async () => {
    const stranger = createRekorV2(world.clock, "stranger.example");
    const { bundle, envelope } = await unlogged({});
    const foreign = stranger.log(make(envelope, vendor));
    expect(await codeOf(byKey(), withEntries(bundle, [foreign]))).toBe(
      "TLOG_INVALID",
    );
    const known = log.log(make(envelope, vendor));
    const both = withEntries(bundle, [foreign, known]);
    expect(await codeOf(byKey(), both)).toBe("OK");
  });
});

/** A bundle's entries in both logs. */
async function inBothLogs(): Promise<Editable> {
  const bundle = await dsseBundle(subject, person, {
    predicateType: signPredicate,
    log: world,
    timestamp: world,
  });
  return changed(bundle, ({ dsseEnvelope, verificationMaterial }) => {
    verificationMaterial.tlogEntries.push(
      log.log(dsseV2(dsseEnvelope, person)),
    );
  });
}

test("a bundle in a v1 log, a v2 log and a stranger's is vouched for, its times by promise and by timestamp", async () => {
  const stranger = createRekorV2(world.clock, "stranger.example");
  const bundle = changed(
    await inBothLogs(),
    ({ dsseEnvelope, verificationMaterial }) => {
      const entry = stranger.log(hashedRekordV2(dsseEnvelope, person));
      verificationMaterial.tlogEntries.unshift(entry);
    },
  );
  const evidence = evidenceOf(subject, bundleLayer(bundle));
  expect(await verdictOn(byIdentity(), evidence)).toMatchObject({
    outcome: "authenticated",
    times: [{ source: "rekor" }, { source: "rfc3161" }],
  });
});

test("a wrong entry of a known log spoils a good one beside it", async () => {
  const bundle = changed(await inBothLogs(), ({ verificationMaterial }) => {
    const [, v2]: RekorV2Entry[] = verificationMaterial.tlogEntries;
    verificationMaterial.tlogEntries[1] = {
      ...v2,
      canonicalizedBody: Buffer.from("{}").toString("base64"),
    };
  });
  expect(await codeOf(byIdentity(), bundle)).not.toBe("OK");
});

test("a kind of log entry that is not supported is named", async () => {
  const { bundle } = await unlogged({});
  const digest = createHash("sha256").update("x").digest("hex");
  const entry = log.log({
    apiVersion: "0.0.1",
    kind: "rekord",
    spec: { data: { hash: { algorithm: "sha256", value: digest } } },
  });
  const evidence = evidenceOf(
    subject,
    bundleLayer(withEntries(bundle, [entry])),
  );
  expect(await verdictOn(byKey(), evidence)).toMatchObject({
    code: "UNSUPPORTED_FORMAT",
    reason: expect.stringContaining("rekord/0.0.1"),
  });
  const unloggedKey = {
    key: {
      publicKey: vendor.publicKeyPem,
      tlog: "not-required" as const,
      trustedRoots,
    },
  };
  expect(await verdictOn(unloggedKey, evidence)).toMatchObject({
    outcome: "authenticated",
  });
});
