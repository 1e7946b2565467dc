import type {
  Authenticated,
  Authority,
  Evidence,
  Rejection,
} from "../../../provider/mirror/ports";
import { digestOf } from "../../../provider/oci/digest";
import { authorityWords } from "../../../provider/verifiers/authorities/catalog";
import { authoritySamples } from "../../contract/authoritySamples";
import { image } from "../../samples/artifacts";
import { messageBundle } from "../../samples/bundleEvidence";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { authorityOf, offline } from "../verifiers/world";
import { annotationsIn, documentOf } from "./annotations";
import { fuzz, inBytes, mutants, slips } from "./fuzzing";
import { inJson } from "./jsonMutations";
import { inCbor } from "./treeMutations";

const subject = image().descriptor;

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

/** The same layer with other bytes, hashed again. */
function withBytes(evidence: Evidence, bytes: Buffer): Evidence {
  const { layer } = evidence;
  const described = { ...layer, digest: digestOf(bytes), size: bytes.length };
  return { ...evidence, bytes, layer: described };
}

/** The same layer with other annotations. */
function withAnnotations(evidence: Evidence, document: Buffer): Evidence {
  return {
    ...evidence,
    layer: { ...evidence.layer, annotations: annotationsIn(document) },
  };
}

/** Who is proven to have said what; times may be fewer, where a proof of one was lost. */
function essence({ signer, statement, evidence }: Authenticated): object {
  return { signer, statement, about: evidence.subject.digest };
}

/** That evidence proves the same as the good one, or less, or nothing. */
async function requireNoMore(
  authority: Authority,
  good: Authenticated,
  evidence: Evidence,
): Promise<void> {
  const answer = await authority.authenticate(evidence, offline);
  if (answer.outcome !== "authenticated") {
    expect(answer.reason).not.toMatch(slips);
    return;
  }
  expect(essence(answer)).toEqual(essence(good));
  expect(good.times).toEqual(expect.arrayContaining([...answer.times]));
}

function requireGood(answer: Authenticated | Rejection): Authenticated {
  if (answer.outcome === "authenticated") return answer;
  throw new Error(`the sample is not good: ${answer.code} ${answer.reason}`);
}

test.each(authorityWords)(
  "%s: broken evidence proves the same, or nothing, and nobody stumbles over it",
  async (word) => {
    const { right, wrong, forms } = await authoritySamples[word](world);
    const [authority, other] = [
      await authorityOf(right),
      await authorityOf(wrong),
    ];
    for (const make of Object.values(forms)) {
      const evidence = await make(subject);
      const good = requireGood(await authority.authenticate(evidence, offline));
      const mutations = [inJson, inCbor, inBytes];
      await fuzz(
        mutants([Buffer.from(evidence.bytes)], ...mutations),
        async (bytes) => {
          const broken = withBytes(evidence, bytes);
          await requireNoMore(authority, good, broken);
          const { outcome } = await other.authenticate(broken, offline);
          expect(outcome).toBe("rejected");
        },
        80,
      );
      const { annotations } = evidence.layer;
      if (!annotations) continue;
      await fuzz(
        mutants([documentOf(annotations)], inJson),
        (document) =>
          requireNoMore(authority, good, withAnnotations(evidence, document)),
        80,
      );
    }
  },
);

test("a bundle over plain bytes proves nothing about an image, however it is bent", async () => {
  const { right, forms } = await authoritySamples.keyless(world);
  const authority = await authorityOf(right);
  const sample = await forms["bundle of a signature"]?.(subject);
  if (!sample) throw new Error("no sample");
  const identity = "https://acme.example/release@refs/tags/v1";
  const by = await world.keyless({
    issuer: "https://issuer.example",
    identity,
  });
  const plain = await messageBundle(Buffer.from("x"), by, { log: world });
  await fuzz(
    mutants([plain], inJson, inBytes),
    async (bytes) => {
      const answer = await authority.authenticate(
        withBytes(sample, bytes),
        offline,
      );
      expect(answer.outcome).toBe("rejected");
    },
    300,
  );
});
