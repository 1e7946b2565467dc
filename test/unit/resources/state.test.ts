import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import type { Verdict } from "../../../provider/mirror/ports";
import { judgesOf } from "../../../provider/mirror/toJudge";
import { admit, verify } from "../../../provider/mirror/verify";
import { understand } from "../../../provider/resources/mirroredArtifact/intent";
import {
  readState,
  remember,
  shortened,
  writeState,
} from "../../../provider/resources/mirroredArtifact/state";
import { MemoryStore, reach } from "../mirror/memoryStore";
import { policy, requirement } from "../mirror/policies";

const long = '"ü'.repeat(500);

async function examined(requirements: number, signatures: number) {
  const source = new MemoryStore("source");
  const root = source.image("one");
  const signed = Array.from({ length: signatures }, (_, one) =>
    source.referrer(root, "good", { annotations: { one: `${one}` } }),
  );
  source.referrers = async (subject) => (subject === root.digest ? signed : []);
  const names = Array.from({ length: requirements }, (_, one) =>
    requirement({ name: `attestations[${one}]` }),
  );
  const by = policy(...names);
  const artifact = await walk(source, root, { platforms: [], reach });
  const discovered = await discover(artifact, {
    places: [source],
    ...judgesOf(by),
    reach,
  });
  const judged = {
    place: source,
    reference: "app",
    artifact,
    discovered,
    policy: by,
  };
  const verdicts = (await verify(judged, reach)).map((verdict): Verdict => ({
    ...verdict,
    satisfiedBy: verdict.satisfiedBy.map((one) => ({
      ...one,
      format: long,
      signer: { keyId: long, issuer: long, identity: long, subject: long },
      times: [{ time: reach.now(), source: "signing-authority" as const }],
    })),
    notes: [long, long, long, long],
    looked: Array.from({ length: 20 }, () => ({
      evidence: artifact.root.descriptor.digest,
      format: long,
      authority: long,
      code: "IDENTITY_MISMATCH",
      reason: long,
    })),
  }));
  return {
    source,
    places: [source] as const,
    discovered,
    admitted: admit(judged, verdicts),
    chosen: discovered.manifests,
    warnings: [],
  };
}

const intent = understand({
  source: `registry.example/${"a/".repeat(50)}app:1`,
  destination: `internal.example/${"b/".repeat(50)}app:1`,
  policy: { unverified: "for the shape only" },
});

test.each([
  [1, 1],
  [50, 64],
  [50, 300],
])(
  "the state of %d requirements and %d pieces of evidence stays below 8 kB",
  async (requirements, signatures) => {
    const made = await examined(requirements, signatures);
    const expected = shortened(
      made.discovered.manifests.map(({ node }) => node.descriptor.digest),
    );
    const state = remember(
      intent,
      { ...made, places: [...made.places] },
      {
        now: reach.now(),
        expected,
        listedAll: `sha256:${"0".repeat(64)}`,
        candidate: {
          digest: `sha256:${"0".repeat(64)}`,
          firstSeen: reach.now().toISOString(),
          by: "signature",
          bornAt: reach.now().toISOString(),
        },
      },
    );
    expect(Buffer.byteLength(JSON.stringify(writeState(state)))).toBeLessThan(
      8192,
    );
    expect(state.attached?.count).toBe(signatures);
    expect(state.verification?.requirements).toHaveLength(
      Math.min(20, requirements),
    );
    expect(state.verification?.requirements[0]?.signers).toHaveLength(1);
  },
);

test("state of version 1 is read for ever, and what is not ours in it is left out", () => {
  const digest = `sha256:${"1".repeat(64)}`;
  const version1 = {
    source: "registry.example/acme/app:1",
    destination: "internal.example/mirror/app:1",
    digest,
    ref: `internal.example/mirror/app@${digest}`,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    size: 402,
    artifactType: "application/vnd.oci.image.config.v1+json",
    verification: {
      digest,
      outcome: "verified",
      policyDigest: digest,
      verifierEpoch: 1,
      verifiedAt: "2026-11-21T00:00:00.000Z",
      requirements: [
        {
          name: "signedBy",
          outcome: "passed",
          code: "OK",
          signers: [
            { authority: "signedBy[0].key", evidence: digest, keyId: digest },
          ],
        },
      ],
    },
    attached: {
      count: 1,
      digests: ["sha256:0123456789abcdef"],
      listed: digest,
      pending: [],
    },
    onDelete: "keep",
    version: 1,
  };
  expect(
    readState({ ...version1, __provider: "code of a former host" }),
  ).toEqual(version1);
});
