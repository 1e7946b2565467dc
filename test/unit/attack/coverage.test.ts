import { digestOf } from "../../../provider/oci/digest";
import type { Descriptor } from "../../../provider/oci/descriptor";
import type { Coverage } from "../../../provider/mirror/ports";
import { type PolicyInput } from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import {
  bundleType,
  dsseBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import { attestationAbout, forPlatform, judge } from "../mirror/judged";
import { MemoryStore } from "../mirror/memoryStore";
import { keyOf, stranger, vendor } from "../verifiers/judging";
import { contextOf } from "../verifiers/world";

const type = "https://acme.example/scan/v1";

/** An index of one platform with a scan inside, all under the vendor's signature. */
async function scanned(critical: number) {
  const store = new MemoryStore("source");
  const amd64 = store.image("amd64");
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "_", digest: { sha256: amd64.digest.slice(7) } }],
    predicateType: type,
    predicate: { critical },
  };
  const scan = store.image("scan", {
    layers: [
      store.blob(JSON.stringify(statement), "application/vnd.in-toto+json"),
    ],
  });
  const root = store.index([
    forPlatform(amd64, "linux/amd64"),
    attestationAbout(scan, amd64),
  ]);
  const about = async (
    subject: Descriptor,
    by: typeof vendor,
    predicateType = type,
    predicate: object = {},
  ) => {
    const { mediaType, size, digest } = subject;
    const options = { predicateType, predicate };
    const bytes = await dsseBundle({ mediaType, size, digest }, by, options);
    store.referrer(subject, "unused", {
      artifactType: bundleType,
      layers: [store.blob(bytes.toString(), bundleType)],
      annotations: { one: digestOf(bytes) },
    });
  };
  await about(root, vendor, signPredicate);
  return { store, root, amd64, scan, about };
}

/** What becomes of the scan under a policy. */
async function verdictOn(
  { store, root }: Awaited<ReturnType<typeof scanned>>,
  words: Partial<NonNullable<PolicyInput["attestations"]>[number]>,
  coverage: Coverage = "root",
) {
  const policy = await preparePolicy(
    {
      attestations: [
        {
          type,
          by: [keyOf(vendor)],
          where: "predicate.critical == 0",
          ...words,
        },
      ],
      coverage,
    },
    contextOf(),
  );
  const { verdicts } = await judge(store, root, policy);
  return verdicts[0];
}

describe("a good scan inside the artifact", () => {
  test("counts, where nobody says otherwise", async () => {
    const artifact = await scanned(0);
    for (const match of ["any", "all"] as const) {
      expect(await verdictOn(artifact, { match })).toMatchObject({
        outcome: "passed",
      });
    }
  });

  test.each(["root", "either"] as const)(
    "does not outweigh the bad one beside the root that `all` asks for (coverage %s)",
    async (coverage) => {
      const artifact = await scanned(0);
      await artifact.about(artifact.root, vendor, type, { critical: 7 });
      const match = "all";
      expect(await verdictOn(artifact, { match }, coverage)).toMatchObject({
        outcome: "failed",
      });
    },
  );

  test("is not stopped by what a stranger says beside the root", async () => {
    const artifact = await scanned(0);
    await artifact.about(artifact.root, stranger, type, { critical: 7 });
    expect(await verdictOn(artifact, { match: "all" })).toMatchObject({
      outcome: "passed",
    });
  });

  test("is nobody's where only a stranger signed what contains it", async () => {
    const artifact = await scanned(0);
    const { store, amd64, scan, about } = artifact;
    const root = store.index([
      forPlatform(amd64, "linux/amd64"),
      attestationAbout(scan, amd64),
      store.image("more"),
    ]);
    await about(root, stranger, signPredicate);
    expect(await verdictOn({ ...artifact, root }, {})).toMatchObject({
      outcome: "failed",
    });
  });

  test("T28: does not cover another platform, nor one put beside it", async () => {
    const artifact = await scanned(0);
    const { store, amd64, scan, about } = artifact;
    const evil = store.image("evil");
    for (const children of [
      [forPlatform(evil, "linux/amd64"), attestationAbout(scan, evil)],
      [forPlatform(evil, "linux/amd64"), attestationAbout(scan, amd64)],
      [
        forPlatform(amd64, "linux/amd64"),
        attestationAbout(scan, amd64),
        forPlatform(evil, "linux/arm64"),
      ],
    ]) {
      const root = store.index(children);
      await about(scan, vendor, signPredicate);
      expect(await verdictOn({ ...artifact, root }, {})).toMatchObject({
        outcome: "failed",
      });
    }
  });
});
