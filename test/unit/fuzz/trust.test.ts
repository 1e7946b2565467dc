import fc from "fast-check";
import { MirrorError } from "../../../provider/mirror/errors";
import { MalformedError } from "../../../provider/oci/malformed";
import {
  problemOfPattern,
  wantedIdentity,
} from "../../../provider/verifiers/authorities/sigstore/wantedIdentity";
import { readTrustPolicy } from "../../../provider/verifiers/authorities/notation/trustPolicy";
import { readPublicKey } from "../../../provider/verifiers/authorities/publicKey";
import { readTrustedRoot } from "../../../provider/verifiers/trust/trustedRoot";
import { placeOf } from "../../../provider/verifiers/material/place";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { keySigner } from "../../samples/signers";
import {
  notationSigner,
  statementOf,
  trustPolicyOf,
} from "../../samples/notation";
import { createSigstoreWorld } from "../../samples/sigstoreWorld";
import { trusting } from "../../samples/notation";
import { fuzz, inBytes, mutants, readOrRefused, refusals } from "./fuzzing";
import { keyOf, vendor } from "../verifiers/judging";
import { inJson } from "./jsonMutations";
import { contextOf, type Editable } from "../verifiers/world";

const documented = [...refusals, Error];

test("a trust policy says what its text says, or is refused", async () => {
  const samples = [
    trustPolicyOf(
      statementOf("prod", {
        scopes: ["registry.example/app"],
        level: "strict",
      }),
      statementOf("rest", { override: { expiry: "log" }, level: "permissive" }),
    ),
    trustPolicyOf(statementOf("none", { level: "skip" })),
    trustPolicyOf(statementOf("audit", { level: "audit", identities: ["*"] })),
  ].map((text) => Buffer.from(text));
  await fuzz(mutants(samples, inJson, inBytes), async (document) => {
    const text = document.toString();
    const read = await readOrRefused(() => readTrustPolicy(text), documented);
    if (!read) return;
    const said: Editable = JSON.parse(text);
    expect(said.version).toBe("1.0");
    const names = read.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(said.trustPolicies.map(({ name }: Editable) => name));
    const levels = said.trustPolicies.map(
      ({ signatureVerification: { level } }: Editable) => level,
    );
    expect(read.map(({ level }) => level)).toEqual(levels);
  });
});

test("a trusted root has the keys that its text has, or is refused", async () => {
  const { trustedRoot } = await createSigstoreWorld();
  await fuzz(
    mutants([Buffer.from(trustedRoot)], inJson, inBytes),
    async (document) => {
      const text = document.toString();
      const read = await readOrRefused(() => readTrustedRoot(text), documented);
      if (!read) return;
      for (const { publicKey, logId } of [...read.tlogs, ...read.ctlogs]) {
        expect(text).toContain(JSON.stringify(publicKey.rawBytes));
        expect(text).toContain(JSON.stringify(logId.keyId));
        expect(publicKey.validFor.start).toEqual(expect.anything());
      }
    },
  );
});

test("a public key is usable or refused", async () => {
  const samples = (["ecdsa-p256", "ed25519", "rsa-pkcs1"] as const).map(
    (kind) => Buffer.from(keySigner(kind).publicKeyPem),
  );
  await fuzz(mutants(samples, inBytes), async (document) => {
    const text = document.toString();
    const read = await readOrRefused(() => readPublicKey(text), documented);
    if (read) expect(read.type).toBe("public");
  });
});

test("a place of trust material is a file, a pinned artifact, nowhere, or refused", async () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const parts = fc.constantFrom(
    "file:",
    "artifact:",
    "ghcr.io/acme/app",
    ":1",
    "@",
    digest,
    "sha256:",
    "/",
    "..",
    "\u0000",
    "\\",
    " ",
    "https://",
    "%2e",
    "@sha512:aa",
  );
  const texts = fc.array(parts, { maxLength: 6 }).map((all) => all.join(""));
  await fuzz(texts, async (text) => {
    const place = await readOrRefused(
      () => placeOf(text),
      [MalformedError, Error],
    );
    if (!place) return;
    if (place.kind === "file") expect(place.path).toMatch(/^[^\0]+$/);
    else expect(text).toContain(`@${place.digest}`);
  });
});

test("a pattern is taken or refused, and matches nobody who is not in it, in time", async () => {
  const parts = fc.constantFrom(
    "(a+)+",
    "(?:a|a)*",
    "[",
    "]",
    "{1000}",
    "{9999999}",
    "\\",
    "$",
    "^",
    "(?i)",
    "(?=a)",
    "\\1",
    "a",
    ".*",
    "|",
    "https://acme",
    "\\p{L}",
    "\n",
  );
  const texts = fc.array(parts, { maxLength: 8 }).map((all) => all.join(""));
  const issuer = "https://issuer.example";
  await fuzz(
    texts,
    (identityPattern) => {
      if (problemOfPattern(identityPattern) !== undefined) return;
      const check = wantedIdentity({ issuer, identityPattern });
      check({ issuer, identity: `${"a".repeat(500)}!` });
      expect(check({ issuer })).toEqual(expect.any(String));
      const other = { issuer: "https://other.example", identity: "a" };
      expect(check(other)).toEqual(expect.any(String));
    },
    300,
  );
});

test("a policy is made ready, or refused at a property", async () => {
  const { trustedRoot } = await createSigstoreWorld();
  const keyless = {
    issuer: "https://issuer.example",
    identity: "https://acme.example/release",
    trustedRoots: [trustedRoot],
  };
  const policy = {
    signedBy: [keyOf(vendor), { keyless }, trusting(notationSigner())],
    threshold: 2,
    coverage: "platforms",
    attestations: [
      {
        type: "spdx",
        by: [{ keyless }],
        where: "predicate.a == 1",
        maxAge: "24h",
      },
    ],
    provenance: [{ by: [{ keyless }], sourceUri: "github.com/acme/app" }],
  };
  const samples = [Buffer.from(JSON.stringify(policy))];
  await fuzz(
    mutants(samples, inJson),
    async (document) => {
      const input = inputOf(document);
      if (input === undefined) return;
      const ready = await readOrRefused(
        () => preparePolicy(input, contextOf()),
        [MirrorError],
      );
      if (!ready) return;
      const blocks = ready.requirements.some((one) => one.blocks && one.proves);
      expect(blocks || ready.unverified !== undefined).toBe(true);
    },
    300,
  );
});

function inputOf(document: Buffer): Editable {
  try {
    return JSON.parse(document.toString());
  } catch {
    return undefined;
  }
}
