import { performance } from "node:perf_hooks";
import type { Evidence } from "../../../provider/mirror/ports";
import { readJson } from "../../../provider/oci/json";
import { claimOf } from "../../../provider/verifiers/formats/claim";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import {
  judge,
  keyOf,
  other,
  signed,
  spdx,
  stranger,
  subject,
  vendor,
} from "../verifiers/judging";
import { bareStatement, judgeStated } from "../verifiers/stating";
import { bundleLayer, evidenceOf } from "../verifiers/world";

/** A predicate that takes its reader a good part of a second. */
const costly = Object.fromEntries(
  Array.from({ length: 300_000 }, (_, i) => [`k${i}`, 1]),
);

/** Half of what reading it takes on this machine now. */
function halfOfReading(): number {
  const bytes = Buffer.from(JSON.stringify(costly));
  const began = performance.now();
  readJson(bytes);
  return (performance.now() - began) / 2;
}

const tries = 3; // another process may hold up one of them

/** How long the work held up everything else, at its best. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let at = 0; at < tries; at++) taken.push(await longestTurnOf(work));
  return Math.min(...taken);
}

async function longestTurnOf(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  tick();
  isDone = true;
  return longest;
}

async function statedBy(by: typeof vendor): Promise<Evidence> {
  const options = { predicateType: spdx, predicate: costly };
  return evidenceOf(
    subject,
    bundleLayer(await dsseBundle(subject, by, options)),
  );
}

describe("a stranger's large statement", () => {
  test("beside the artifact is read by nobody, and hides no signature", async () => {
    const piece = await statedBy(stranger);
    const good = await signed(vendor);
    const signedBy = [keyOf(vendor)];
    const took = await longestTurn(async () => {
      const fresh = { ...piece }; // what was read of a piece is remembered
      expect(await judge({ signedBy }, [fresh, good])).toMatchObject({
        outcome: "passed",
      });
      expect(
        await judge({ attestations: [{ type: "spdxjson", by: signedBy }] }, [
          fresh,
        ]),
      ).toMatchObject({ outcome: "failed" });
    });
    expect(took).toBeLessThan(halfOfReading());
    expect(claimOf(piece)).toEqual({ kind: "opaque" });
  });

  test("inside the artifact neither", async () => {
    const cover = evidenceOf(
      other,
      await signatureLayer(other, stranger),
      "sig",
    );
    const predicateType = spdx;
    const statement = bareStatement({ predicateType, predicate: costly });
    const attestations = [{ type: "spdxjson", by: [keyOf(vendor)] }];
    const took = await longestTurn(async () => {
      for (const covers of [[], [cover]]) {
        expect(
          await judgeStated(
            { attestations },
            {
              inside: [
                {
                  statement: { ...statement },
                  covers: covers.map((one) => ({ ...one })),
                },
              ],
            },
          ),
        ).toMatchObject({ outcome: "failed" });
      }
    });
    expect(took).toBeLessThan(halfOfReading());
  });

  test("made of an envelope with very many members costs nothing either", async () => {
    const bundle = await dsseBundle(subject, stranger, {
      predicateType: signPredicate,
    });
    const padding = JSON.stringify(costly);
    const bytes = Buffer.from(
      `${bundle.toString().slice(0, -1)},"padding":${padding}}`,
    );
    const piece = evidenceOf(subject, bundleLayer(bytes));
    const took = await longestTurn(async () => {
      expect(
        await judge({ signedBy: [keyOf(vendor)] }, [{ ...piece }]),
      ).toMatchObject({ outcome: "failed", code: "MALFORMED" });
    });
    expect(took).toBeLessThan(halfOfReading());
  });

  test("counts whole where it is the signer's own", async () => {
    const attestations = [{ type: "spdxjson", by: [keyOf(vendor)] }];
    expect(
      await judge({ attestations }, [await statedBy(vendor)]),
    ).toMatchObject({ outcome: "passed" });
    const signedBy = [keyOf(vendor)];
    expect(await judge({ signedBy }, [await statedBy(vendor)])).toMatchObject({
      outcome: "failed",
      code: "NO_EVIDENCE",
    });
  });
});
