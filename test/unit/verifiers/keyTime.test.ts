import { createPublicKey } from "node:crypto";
import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { key as keyKind } from "../../../provider/verifiers/authorities/key";
import { policyDigest, policySchema } from "../../../provider/verifiers/policy";
import { image } from "../../samples/artifacts";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keyKinds, keySigner } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { authorityOf, evidenceOf, offline, verdictOn } from "./world";

const subject = image().descriptor;
const signer = keySigner();
const publicKey = signer.publicKeyPem;
const dayMs = 24 * 60 * 60 * 1000;

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

/** Days from when everything in the world happens. */
const inDays = (days: number) =>
  new Date(world.clock.getTime() + days * dayMs).toISOString();

interface Validity {
  readonly validFrom?: string;
  readonly validUntil?: string;
}

const logged = (validity: Validity): AuthorityInput => ({
  key: { publicKey, trustedRoots: [world.trustedRoot], ...validity },
});
const unlogged = (validity: Validity): AuthorityInput => ({
  key: { publicKey, tlog: "not-required", ...validity },
});

/** What the key says about its own signature, asked some days later. */
async function judged(input: AuthorityInput, days = 0) {
  const log = input.key?.tlog === "not-required" ? undefined : world;
  const layer = await signatureLayer(subject, signer, log ? { log } : {});
  const authority = await authorityOf(input);
  return authority.authenticate(evidenceOf(subject, layer, "sig"), {
    ...offline,
    now: () => new Date(inDays(days)),
  });
}

test("a key counts within its validity, both ends included", async () => {
  const moment = world.clock.toISOString();
  for (const input of [
    logged({ validFrom: moment, validUntil: moment }),
    unlogged({ validFrom: moment, validUntil: moment }),
  ]) {
    expect(await judged(input)).toMatchObject({ outcome: "authenticated" });
  }
});

test.each([
  [{ validFrom: 1 }, "before the key's validFrom"],
  [{ validUntil: -1 }, "after the key's validUntil"],
])("T9: a key outside its validity %j is refused", async (days, reason) => {
  const validity = Object.fromEntries(
    Object.entries(days).map(([name, day]) => [name, inDays(day)]),
  );
  for (const input of [logged(validity), unlogged(validity)]) {
    expect(await judged(input)).toMatchObject({
      code: "KEY_EXPIRED",
      reason: expect.stringContaining(reason),
    });
  }
});

test("T9: a signature proven from within the validity holds for ever, one without a time until the key ends", async () => {
  const validity = { validUntil: inDays(5) };
  expect(await judged(logged(validity), 10)).toMatchObject({
    outcome: "authenticated",
  });
  expect(await judged(logged(validity), 10)).not.toHaveProperty("validUntil");
  expect(await judged(unlogged(validity), 4)).toMatchObject({
    validUntil: new Date(validity.validUntil),
  });
  expect(await judged(unlogged(validity), 10)).toMatchObject({
    code: "KEY_EXPIRED",
  });
});

test.each([
  { validFrom: "2026-01-01" },
  { validFrom: "2026-02-01T00:00:00Z", validUntil: "2026-01-01T00:00:00Z" },
  { validFrom: "2026-02-01T00:00:00Z", validUntil: "2026-02-01T00:00:00Z" },
])("%j is no validity", (validity) => {
  const policy = { signedBy: [{ key: { publicKey, ...validity } }] };
  expect(policySchema.safeParse(policy).success).toBe(false);
});

test("a key's validity is part of the policy's digest", () => {
  const digestWith = (validity: Validity) =>
    policyDigest({ signedBy: [unlogged(validity)] });
  expect(digestWith({ validUntil: inDays(5) })).not.toBe(digestWith({}));
});

test.each([
  [40, []],
  [
    12,
    ["the key ends on DAY, in 12 days: what is signed later does not count"],
  ],
  [-3, ["the key has ended on DAY: what is signed later does not count"]],
])("a key that ends in %d days is warned of: %j", (days, reasons) => {
  const validUntil = inDays(days);
  const day = validUntil.slice(0, 10);
  expect(
    keyKind.warnings?.(
      { publicKey, validUntil, trustedRoots: [world.trustedRoot] },
      world.clock,
    ),
  ).toEqual(
    reasons.map((reason) => ({
      path: ["validUntil"],
      reason: reason.replace("DAY", day),
    })),
  );
});

test.each(keyKinds)(
  "the base64 of a key's DER is the key: %s",
  async (kind) => {
    const own = keySigner(kind);
    const der = createPublicKey(own.publicKeyPem).export({
      type: "spki",
      format: "der",
    });
    const lines = der.toString("base64").replace(/(.{76})/g, "$1\n");
    const layer = await signatureLayer(subject, own);
    expect(
      await verdictOn(
        { key: { publicKey: lines, tlog: "not-required" } },
        evidenceOf(subject, layer, "sig"),
      ),
    ).toMatchObject({ outcome: "authenticated", signer: { keyId: own.keyId } });
  },
);

test("base64 of anything else is no key", () => {
  const policy = { signedBy: [{ key: { publicKey: "aGVsbG8gd29ybGQh" } }] };
  const parsed = policySchema.safeParse(policy);
  expect(parsed.error?.issues).toMatchObject([
    { message: expect.stringContaining("not of a public key") },
  ]);
});
