import { judgesOf } from "../../../provider/mirror/toJudge";
import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import { verify } from "../../../provider/mirror/verify";
import type { Descriptor } from "../../../provider/oci/descriptor";
import type { Authority } from "../../../provider/mirror/ports";
import { authenticateInside } from "../../../provider/verifiers/authorities/authenticateInside";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import type { Signer } from "../../samples/signers";
import { MemoryStore, reach } from "../mirror/memoryStore";
import { authority } from "../mirror/policies";
import { keyOf, other, spdx, stranger, vendor } from "../verifiers/judging";
import { bareStatement } from "../verifiers/stating";
import { bundleLayer, contextOf, evidenceOf } from "../verifiers/world";

/** An image with very many signatures by a stranger, and one by the vendor among them. */
async function flooded(count: number) {
  const store = new MemoryStore("source");
  const root = store.image("one");
  const layerBy = async (signer: Signer) => {
    const { mediaType: type, size, digest } = root;
    const subject = { mediaType: type, size, digest };
    const bundle = await dsseBundle(subject, signer, {
      predicateType: signPredicate,
    });
    const { mediaType, bytes } = bundleLayer(bundle);
    return store.blob(bytes.toString(), mediaType);
  };
  const layers = [await layerBy(stranger), await layerBy(vendor)];
  const referrer = (layer: Descriptor | undefined, one: number) =>
    store.referrer(root, "unused", {
      artifactType: layer?.mediaType,
      layers: [layer],
      annotations: { one: `${one}` },
    });
  const listed = Array.from({ length: count }, (_, one) =>
    referrer(layers[one === count / 2 ? 1 : 0], one),
  );
  store.referrers = async (subject) => (subject === root.digest ? listed : []);
  return { store, root };
}

async function judging(count: number) {
  const { store, root } = await flooded(count);
  const policy = await preparePolicy(
    { signedBy: [keyOf(vendor)] },
    contextOf(),
  );
  const artifact = await walk(store, root, { platforms: [], reach });
  const places = [store] as const;
  const discovered = await discover(artifact, {
    places,
    ...judgesOf(policy),
    reach,
  });
  const reference = `source.example/app@${root.digest}`;
  return { place: store, reference, artifact, discovered, policy };
}

test("T33: the one good signature is found among 10,000 referrers", async () => {
  const judged = await judging(10_000);
  const [verdict] = await verify(judged, reach);
  expect(verdict).toMatchObject({ outcome: "passed" });
  expect(verdict?.satisfiedBy).toHaveLength(1);
  expect(verdict?.looked).toHaveLength(20);
}, 60_000);

test("judging very many signatures lets other work go on between any two", async () => {
  const count = 300;
  const judged = await judging(count);
  let turns = 0;
  let isDone = false;
  const other = () => {
    turns += 1;
    if (!isDone) setImmediate(other);
  };
  setImmediate(other);
  await verify(judged, reach);
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(count);
});

test("a signature over an index is judged once, however many statements lie inside", async () => {
  const cover = evidenceOf(other, await signatureLayer(other, stranger), "sig");
  const judge = authority();
  let count = 0;
  const counting: Authority = {
    ...judge,
    reads: () => true,
    authenticate: (piece, by) => {
      count += 1;
      return judge.authenticate(piece, by);
    },
  };
  for (const ok of [1, 2, 3]) {
    const statement = bareStatement({ predicateType: spdx, predicate: { ok } });
    const inside = { statement, covers: [cover] };
    await expect(
      authenticateInside(inside, [counting], reach),
    ).resolves.toMatchObject([{ outcome: "rejected" }]);
  }
  expect(count).toBe(1);
});
