import * as fc from "fast-check";
import type {
  Authenticated,
  Authority,
  Evidence,
  Rejection,
} from "../../provider/mirror/ports";
import { digestOf } from "../../provider/oci/digest";
import {
  authorityWords,
  canonicalAuthority,
  examineAuthority,
} from "../../provider/verifiers/authorities/catalog";
import { image } from "../samples/artifacts";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../samples/sigstoreWorld";
import { authorityOf, descriptorOf, offline } from "../unit/verifiers/world";
import { authoritySamples, type AuthoritySamples } from "./authoritySamples";

const subject = image().descriptor;
const other = image({ seed: "other" }).descriptor;

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

/** The same layer with other bytes, hashed again: what somebody with push rights can make. */
function withBytes(evidence: Evidence, bytes: Uint8Array): Evidence {
  const { layer } = evidence;
  const described = { ...layer, digest: digestOf(bytes), size: bytes.length };
  return { ...evidence, bytes, layer: described };
}

describe.each(authorityWords)("the authority %s", (word) => {
  let samples: AuthoritySamples;
  let right: Authority;
  let wrong: Authority;
  let good: readonly [form: string, evidence: Evidence][];

  beforeAll(async () => {
    samples = await authoritySamples[word](world);
    right = await authorityOf(samples.right);
    wrong = await authorityOf(samples.wrong);
    good = await Promise.all(
      Object.entries(samples.forms).map(
        async ([form, make]): Promise<[string, Evidence]> => [
          form,
          await make(subject),
        ],
      ),
    );
  });

  /** What the authority says, form by form. */
  async function outcomes(
    authority: Authority,
    change: (evidence: Evidence) => Evidence,
  ) {
    const answers = good.map(async ([form, evidence]) => {
      const answer = await authority.authenticate(change(evidence), offline);
      return [form, answer.outcome];
    });
    return Object.fromEntries(await Promise.all(answers));
  }

  const all = (outcome: string) =>
    Object.fromEntries(good.map(([form]) => [form, outcome]));

  test("is named by its place and its word", () => {
    expect(right.name).toBe(`signedBy[0].${word}`);
  });

  test("finds nothing wrong with its own settings, and tells two trusts apart", async () => {
    expect(await examineAuthority(samples.right)).toEqual([]);
    expect(canonicalAuthority(samples.right)).toEqual(
      canonicalAuthority(structuredClone(samples.right)),
    );
    expect(canonicalAuthority(samples.right)).not.toEqual(
      canonicalAuthority(samples.wrong),
    );
  });

  test("reads every form it knows", () => {
    const read = good.filter(([, { via, artifactType, layers, layer }]) =>
      right.reads({ via, artifactType, layers, mediaType: layer.mediaType }),
    );
    expect(read).toHaveLength(good.length);
    expect(read.length).toBeGreaterThan(0);
  });

  test("reads no unsigned SBOM and no layer of an image", () => {
    const layer = { artifactType: "x", layers: 1 };
    expect(
      right.reads({ ...layer, via: "sbom", mediaType: "text/spdx+json" }),
    ).toBe(false);
    expect(
      right.reads({
        ...layer,
        via: "referrer",
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      }),
    ).toBe(false);
  });

  test("vouches for good evidence, for that very piece, in every form", async () => {
    for (const [, evidence] of good) {
      const answer = await right.authenticate(evidence, offline);
      expect(answer).toMatchObject({
        outcome: "authenticated",
        authority: right.name,
        format: expect.any(String),
      });
      expect(answer.evidence).toBe(evidence);
    }
  });

  test("does not vouch for somebody else's", async () => {
    expect(await outcomes(wrong, (evidence) => evidence)).toEqual(
      all("rejected"),
    );
  });

  test("does not vouch for a subject that is not the evidence's", async () => {
    const moved = await outcomes(right, (evidence) => ({
      ...evidence,
      subject: descriptorOf(other),
    }));
    expect(moved).toEqual(all("rejected"));
  });

  test("does not vouch for bytes that are not the layer's", async () => {
    const swapped = await outcomes(right, (evidence) => ({
      ...evidence,
      bytes: Buffer.concat([evidence.bytes, Buffer.from(" ")]),
    }));
    expect(swapped).toEqual(all("rejected"));
  });

  test("does not vouch without what came beside the bytes, unless the bytes hold it", async () => {
    for (const [, evidence] of good) {
      if (!evidence.layer.annotations) continue;
      const { annotations: _, ...layer } = evidence.layer;
      const answer = await right.authenticate({ ...evidence, layer }, offline);
      expect(answer.outcome).toBe("rejected");
    }
  });

  test("says which evidence it rejects, and why, in one printable line", async () => {
    for (const [, evidence] of good) {
      const answer = await wrong.authenticate(evidence, offline);
      expect(answer).toMatchObject({
        authority: wrong.name,
        code: expect.stringMatching(/^[A-Z_]+$/),
        reason: expect.stringMatching(/^[\x20-\u{10ffff}]{1,200}$/u),
      });
      expect(answer.evidence).toBe(evidence);
    }
  });

  test("proves the same or nothing, whichever byte is changed", async () => {
    for (const [, evidence] of good) {
      const before = proven(await right.authenticate(evidence, offline));
      await fc.assert(
        fc.asyncProperty(
          fc.nat(evidence.bytes.length - 1),
          fc.integer({ min: 1, max: 255 }),
          async (at, flip) => {
            const bytes = Buffer.from(evidence.bytes);
            bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
            const changed = withBytes(evidence, bytes);
            const answer = await right.authenticate(changed, offline);
            if (answer.outcome === "rejected") return;
            expect(proven(answer)).toEqual(before); // a hint, a key id, a checkpoint's name
          },
        ),
        { numRuns: 60 },
      );
    }
  });

  test("never throws and never vouches for garbage", async () => {
    for (const [, evidence] of good) {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.uint8Array({ maxLength: 200 }),
            fc.json().map((text) => Buffer.from(text)),
          ),
          async (bytes) => {
            const answer = await right.authenticate(
              withBytes(evidence, bytes),
              offline,
            );
            expect(answer.outcome).toBe("rejected");
          },
        ),
        { numRuns: 60 },
      );
    }
  });
});

/** What is proven, without the piece that proves it. */
function proven(answer: Authenticated | Rejection): object {
  return { ...answer, evidence: undefined };
}
