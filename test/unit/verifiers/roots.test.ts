import { X509Certificate } from "node:crypto";
import githubRoot from "../../../provider/verifiers/trust/githubRoot.json";
import { keyless as keylessKind } from "../../../provider/verifiers/authorities/keyless";
import publicGoodRoot from "../../../provider/verifiers/trust/publicGoodRoot.json";
import {
  dateOfRoot,
  digestOfRoot,
  readTrustedRoot,
  rootsOf,
} from "../../../provider/verifiers/trust/trustedRoot";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import { farness } from "../../../provider/verifiers/refusal";
import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import {
  signatureLayer,
  type EvidenceOptions,
} from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { bundleLayer, changed, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";
const who = { issuer, identity };
const { publicKeyPem: publicKey } = keySigner();
const unlogged = { tlog: "not-required" as const };

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

async function signed(options: EvidenceOptions) {
  const signer = await world.keyless(who);
  return evidenceOf(
    subject,
    await signatureLayer(subject, signer, options),
    "sig",
  );
}

describe("a root that comes with this package", () => {
  test("is younger than nothing that is in it", () => {
    expect(
      rootsOf(["public-good", "github"]).map(({ document }) =>
        dateOfRoot(document),
      ),
    ).toEqual(["2025-09-23", "2025-11-13"]);
  });

  test.each([
    ["public-good", publicGoodRoot],
    ["github", githubRoot],
  ])("goes by the name %s", (name, document) => {
    const [root] = rootsOf([name]);
    expect(root && digestOfRoot(root.document)).toBe(
      digestOfRoot(readTrustedRoot(JSON.stringify(document))),
    );
  });

  test("of GitHub is its own services' chain, without any log", () => {
    expect(Object.keys(githubRoot)).not.toContain("tlogs");
    const roots = [
      ...githubRoot.certificateAuthorities,
      ...githubRoot.timestampAuthorities,
    ].map(({ certChain }) => certChain.certificates.at(-1)?.rawBytes ?? "");
    expect(new Set(roots).size).toBe(1);
    const root = new X509Certificate(Buffer.from(roots[0] ?? "", "base64"));
    expect(root.subject).toBe("O=GitHub\\, Inc.\nCN=Internal Services Root");
  });

  test("of GitHub needs no word about logs for an identity, and cannot do for a key", async () => {
    const trustedRoots = ["github"];
    const problems = (authority: object) =>
      examinePolicy({ signedBy: [authority] });
    expect(await problems({ keyless: { ...who, trustedRoots } })).toEqual([]);
    const reason = expect.stringContaining("has no transparency log");
    expect(await problems({ key: { publicKey, trustedRoots } })).toMatchObject([
      { reason },
    ]);
    const required = { ...who, trustedRoots, tlog: "required" };
    expect(await problems({ keyless: required })).toMatchObject([{ reason }]);
  });
});

describe("what is newer than a root that comes with this package", () => {
  test.each([undefined, ["public-good"], ["public-good", "github"]])(
    "has its own code, date and remedy: a log, with roots %j",
    async (trustedRoots) => {
      const settings = trustedRoots ? { trustedRoots } : {};
      const answer = await verdictOn(
        { keyless: { ...who, ...settings } },
        await signed({ log: world }),
      );
      expect(answer).toMatchObject({
        outcome: "rejected",
        code: "TRUST_OUTDATED",
        reason: expect.stringMatching(
          /^the log [0-9a-f]{16}… is not in the public-good root of 2025-09-23: set trustRefresh: "tuf", take a newer release, or name the right root in trustedRoots$/,
        ),
      });
    },
  );

  test("a log, for a key", async () => {
    const signer = keySigner();
    const layer = await signatureLayer(subject, signer, { log: world });
    const input = { key: { publicKey: signer.publicKeyPem } };
    expect(
      await verdictOn(input, evidenceOf(subject, layer, "sig")),
    ).toMatchObject({ code: "TRUST_OUTDATED" });
  });

  test("a timestamp's authority, under a root without logs", async () => {
    const input = { keyless: { ...who, trustedRoots: ["github"] } };
    expect(
      await verdictOn(input, await signed({ timestamp: world })),
    ).toMatchObject({
      code: "TRUST_OUTDATED",
      reason: expect.stringMatching(
        /^a timestamp's authority is not in the github root of 2025-11-13: /,
      ),
    });
  });

  test("is only wrong where the user gave the root", async () => {
    const stranger = await createSigstoreWorld();
    const trustedRoots = [stranger.trustedRoot];
    expect(
      await verdictOn(
        { keyless: { ...who, trustedRoots } },
        await signed({ log: world }),
      ),
    ).toMatchObject({ code: "TLOG_INVALID" });
  });

  test("is nearer to good than any broken signature, and further than another identity", () => {
    const order = ["IDENTITY_MISMATCH", "TRUST_OUTDATED", "SIGNATURE_INVALID"];
    const places = order.map(farness);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });
});

describe("a timestamp", () => {
  test.each([0, 7, 120, 500, 999])(
    "with %d milliseconds proves its moment",
    async (milliseconds) => {
      const start = Math.floor(world.clock.getTime() / 1000) * 1000;
      world.clock.setTime(start + milliseconds);
      const evidence = await signed({ timestamp: world });
      world.clock.setTime(start);
      expect(
        await verdictOn(
          {
            keyless: {
              ...who,
              ...unlogged,
              trustedRoots: [world.trustedRoot],
            },
          },
          evidence,
        ),
      ).toMatchObject({
        times: [{ time: new Date(start + milliseconds), source: "rfc3161" }],
      });
    },
  );

  test("T16: by another authority under a root's authority is refused", async () => {
    const trustedRoot = changed(world.trustedRoot, (root) => {
      root.timestampAuthorities[0].certChain.certificates.shift();
    }).toString();
    expect(
      await verdictOn(
        { keyless: { ...who, ...unlogged, trustedRoots: [trustedRoot] } },
        await signed({ timestamp: world }),
      ),
    ).toMatchObject({
      code: "TIME_INVALID",
      reason: expect.stringContaining("not in the root"),
    });
  });

  test("T16: twice the same counts once, and twice is an error", async () => {
    const signer = await world.keyless(who);
    const bundle = await dsseBundle(subject, signer, {
      predicateType: signPredicate,
      timestamp: world,
    });
    const twice = changed(bundle, ({ verificationMaterial }) => {
      const { rfc3161Timestamps } =
        verificationMaterial.timestampVerificationData;
      rfc3161Timestamps.push(rfc3161Timestamps[0]);
    });
    const input = {
      keyless: { ...who, ...unlogged, trustedRoots: [world.trustedRoot] },
    };
    expect(
      await verdictOn(input, evidenceOf(subject, bundleLayer(twice))),
    ).toMatchObject({ code: "TIME_INVALID" });
  });

  test("stands for the log under a root that has none by nature only", async () => {
    const trustedRoots = [world.trustedRoot];
    const evidence = await signed({ timestamp: world });
    expect(
      await verdictOn({ keyless: { ...who, trustedRoots } }, evidence),
    ).toMatchObject({ code: "TLOG_MISSING" });
  });
});

test("a null in a trusted root is an absent member, and an absent start is an error (T40)", () => {
  const withNulls = changed(world.trustedRoot, ({ tlogs }) => {
    tlogs[0].checkpointKeyId = null;
    tlogs[0].publicKey.validFor.end = null;
  }).toString();
  expect(digestOfRoot(readTrustedRoot(withNulls))).toBe(
    digestOfRoot(readTrustedRoot(world.trustedRoot)),
  );
  const withoutStart = changed(world.trustedRoot, ({ tlogs }) => {
    tlogs[0].publicKey.validFor.start = null;
  }).toString();
  expect(() => readTrustedRoot(withoutStart)).toThrow(/start/);
});

describe("a warning", () => {
  const warningsAt = (end: string | undefined, days: number) => {
    const trustedRoot = changed(world.trustedRoot, (root) => {
      root.tlogs[0].publicKey.validFor.end = end;
    }).toString();
    const now = new Date(world.clock.getTime() + days * 24 * 60 * 60 * 1000);
    return keylessKind.warnings?.({ ...who, trustedRoots: [trustedRoot] }, now);
  };

  test("says when the last log key of a root ends", () => {
    const end = new Date(world.clock.getTime() + 12 * 24 * 60 * 60 * 1000);
    const text = end.toISOString();
    expect(warningsAt(text, 0)).toEqual([
      {
        path: ["trustedRoots", 0],
        reason: `the root's last log key ends on ${text.slice(0, 10)}, in 12 days: what is signed later does not count`,
      },
    ]);
    expect(warningsAt(text, -60)).toEqual([]);
    expect(warningsAt(undefined, 0)).toEqual([]);
  });

  test("says when GitHub's own root has no authority left", () => {
    const settings = { ...who, trustedRoots: ["github"] };
    const at = (day: string) =>
      keylessKind.warnings?.(settings, new Date(`${day}T12:00:00Z`));
    expect(at("2026-06-01")).toEqual([]);
    expect(at("2026-11-21")).toMatchObject([
      { reason: expect.stringContaining("has ended on 2026-11-13") },
      { reason: expect.stringContaining("has ended on") },
    ]);
  });
});
