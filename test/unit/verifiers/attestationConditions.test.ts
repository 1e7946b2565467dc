import type { Evidence } from "../../../provider/mirror/ports";
import type { PolicyInput } from "../../../provider/verifiers/policy";
import {
  createSigstoreWorld,
  type LogEntry,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { keySigner, type Signer } from "../../samples/signers";
import { keyOf, partner, stranger, vendor } from "./judging";
import { judgeStated, stated } from "./stating";

const type = "https://acme.example/check/v1";
const hourMs = 3_600_000;
const where = "predicate.critical == 0";

let world: SigstoreWorld;
let start: Date;
beforeAll(async () => {
  world = await createSigstoreWorld();
  start = new Date(world.clock);
});

const later = (hours: number) => new Date(start.getTime() + hours * hourMs);

/** An attestation logged in this world, some hours after the start. */
async function logged(by: Signer, hours: number, predicate: object = {}) {
  world.clock.setTime(later(hours).getTime());
  return stated(by, { predicateType: type, predicate, log: world });
}

type Conditions = Omit<
  NonNullable<PolicyInput["attestations"]>[number],
  "type" | "by"
>;

function policy(conditions: Conditions): PolicyInput {
  const loggedKey = (by: Signer) => ({
    key: { publicKey: by.publicKeyPem, trustedRoots: [world.trustedRoot] },
  });
  const by = [loggedKey(vendor), loggedKey(partner)];
  return { attestations: [{ type, by, ...conditions }] };
}

describe("maxAge", () => {
  test("is met until then, and says until when", async () => {
    const evidence = [await logged(vendor, 0)];
    const given = { evidence, now: later(24) };
    expect(await judgeStated(policy({ maxAge: "24h" }), given)).toMatchObject({
      outcome: "passed",
      satisfiedBy: [{ validUntil: later(24) }],
    });
  });

  test("is not met a moment later, by the clock that is given", async () => {
    const evidence = [await logged(vendor, 0)];
    const now = new Date(later(24).getTime() + 1);
    const verdict = await judgeStated(policy({ maxAge: "1d" }), {
      evidence,
      now,
    });
    expect(verdict).toMatchObject({
      outcome: "failed",
      code: "TOO_OLD",
      reason: `proven to be of ${start.toISOString()}, and maxAge is 1d`,
      satisfiedBy: [],
      looked: [
        { code: "TOO_OLD", seen: { keyId: vendor.keyId } },
        { code: "SIGNATURE_INVALID" },
      ],
    });
  });

  test("T15: is not met where nothing proves the time, whatever the statement says", async () => {
    const predicate = { created: new Date().toISOString(), critical: 0 };
    const evidence = [await stated(vendor, { predicateType: type, predicate })];
    const attestations = [{ type, by: [keyOf(vendor)], maxAge: "1d" }];
    expect(await judgeStated({ attestations }, { evidence })).toMatchObject({
      code: "TIME_UNPROVEN",
    });
  });

  test("goes by the earliest proof: a new timestamp makes nothing young", async () => {
    world.clock.setTime(later(0).getTime());
    let entry: LogEntry | undefined;
    const log: SigstoreWorld = {
      ...world,
      log: async (proposed) => (entry ??= await world.log(proposed)),
      timestamp: async (bytes) => {
        world.clock.setTime(later(48).getTime());
        return world.timestamp(bytes);
      },
    };
    const evidence = [
      await stated(vendor, { predicateType: type, log, timestamp: log }),
    ];
    const verdict = await judgeStated(policy({ maxAge: "24h" }), {
      evidence,
      now: later(49),
    });
    expect(verdict).toMatchObject({ code: "TOO_OLD" });
  });

  test.each(["24", "1y", "0d", "-1d", "1.5h", "", "1234567d"])(
    "%j is no duration",
    async (maxAge) => {
      await expect(judgeStated(policy({ maxAge }), {})).rejects.toThrow(
        "maxAge",
      );
    },
  );
});

describe("match", () => {
  const cases = async (): Promise<Record<string, Evidence>> => ({
    old: await logged(vendor, 1, { critical: 0 }),
    bad: await logged(vendor, 2, { critical: 3 }),
    good: await logged(partner, 3, { critical: 0 }),
    alien: await logged(keySigner(), 4, { critical: 9 }),
    other: await stated(stranger, { predicateType: type, predicate: {} }),
  });

  test.each<[Conditions["match"], readonly string[], string]>([
    [undefined, ["bad", "old"], "OK"],
    ["any", ["bad", "old"], "OK"],
    ["any", ["bad"], "POLICY"],
    ["any", [], "NO_EVIDENCE"],
    ["all", ["old", "good"], "OK"],
    ["all", ["old", "bad", "good"], "POLICY"],
    ["all", ["old", "alien", "other"], "OK"],
    ["all", ["alien"], "SIGNATURE_INVALID"],
    ["all", [], "NO_EVIDENCE"],
    ["latest", ["old", "bad"], "POLICY"],
    ["latest", ["bad", "good"], "OK"],
    ["latest", ["good", "bad", "old"], "OK"],
    ["latest", ["old", "alien"], "OK"],
    ["latest", [], "NO_EVIDENCE"],
  ])("%s of %j: %s", async (match, names, code) => {
    const all = await cases();
    const evidence = names.flatMap((name) => all[name] ?? []);
    const verdict = await judgeStated(policy({ match, where }), {
      evidence,
      now: later(5),
    });
    expect(verdict).toMatchObject({
      code,
      outcome: code === "OK" ? "passed" : "failed",
    });
  });

  test("latest leaves out what has no proven time, and says so", async () => {
    const unlogged = {
      type,
      by: [keyOf(vendor)],
      where,
      match: "latest" as const,
    };
    const predicate = { critical: 0 };
    const evidence = [await stated(vendor, { predicateType: type, predicate })];
    expect(
      await judgeStated({ attestations: [unlogged] }, { evidence }),
    ).toMatchObject({ outcome: "failed", code: "TIME_UNPROVEN" });
  });

  test("latest by the signer's own words is not the latest", async () => {
    const created = later(100).toISOString();
    const evidence = [
      await logged(vendor, 1, { critical: 0, created }),
      await logged(vendor, 2, { critical: 1 }),
    ];
    expect(
      await judgeStated(policy({ match: "latest", where }), { evidence }),
    ).toMatchObject({ code: "POLICY" });
  });

  test("that is unknown is no match", async () => {
    const wrong = { match: "newest" } as unknown as Conditions;
    await expect(judgeStated(policy(wrong), {})).rejects.toThrow("match");
  });
});
