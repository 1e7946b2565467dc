import { image } from "../../samples/artifacts";
import {
  notationSigner,
  trusting,
  type NotationForm,
} from "../../samples/notation";
import type { EnvelopeWish } from "../../samples/notationEnvelope";
import { notarized } from "./notarized";
import { changed, codeOf, type Editable } from "./world";
import { digestOf } from "../../../provider/oci/digest";
import type { Evidence } from "../../../provider/mirror/ports";

const subject = image().descriptor;
const signer = notationSigner();
const forms: readonly NotationForm[] = ["jws", "cose"];
const minuteMs = 60_000;

/** What the trusting policy says of an envelope of ours. */
const codeOfWish = (form: NotationForm, wish: EnvelopeWish) =>
  codeOf(trusting(signer), notarized(subject, signer, { form, ...wish }));

/** The same layer with other bytes. */
function withBytes(evidence: Evidence, bytes: Buffer): Evidence {
  const layer = {
    ...evidence.layer,
    digest: digestOf(bytes),
    size: bytes.length,
  };
  return { ...evidence, bytes, layer };
}

describe.each(forms)("a signature in %s", (form) => {
  test.each<[string, string, EnvelopeWish]>([
    ["alg none", "NOTATION_INTEGRITY", { algorithm: "none" }],
    ["alg HS256", "NOTATION_INTEGRITY", { algorithm: "HS256" }],
    [
      "alg RS256",
      "NOTATION_INTEGRITY",
      { algorithm: form === "jws" ? "RS256" : -257 },
    ],
    [
      "alg of another key",
      "NOTATION_INTEGRITY",
      { algorithm: form === "jws" ? "ES384" : -35 },
    ],
    [
      "another content type",
      "NOTATION_INTEGRITY",
      { contentType: "application/json" },
    ],
    ["no crit", "NOTATION_INTEGRITY", { critical: [] }],
    [
      "scheme not in crit",
      "NOTATION_INTEGRITY",
      { critical: ["io.cncf.notary.signingTime"] },
    ],
    [
      "something absent in crit",
      "NOTATION_INTEGRITY",
      { critical: ["io.cncf.notary.signingScheme", "io.cncf.notary.expiry"] },
    ],
    [
      "something twice in crit",
      "NOTATION_INTEGRITY",
      {
        critical: [
          "io.cncf.notary.signingScheme",
          "io.cncf.notary.signingScheme",
        ],
      },
    ],
    [
      "an unknown critical attribute",
      "NOTATION_INTEGRITY",
      { attributes: { "!acme.audit": "yes" } },
    ],
    [
      "an expiry that is not critical",
      "NOTATION_INTEGRITY",
      {
        expiry: new Date(Date.now() + minuteMs),
        critical: ["io.cncf.notary.signingScheme"],
      },
    ],
    [
      "no signing time",
      "NOTATION_INTEGRITY",
      { without: ["io.cncf.notary.signingTime"] },
    ],
    [
      "no scheme",
      "NOTATION_INTEGRITY",
      {
        without: ["io.cncf.notary.signingScheme"],
        critical: ["io.cncf.notary.signingTime"],
      },
    ],
    [
      "expiry before the signing time",
      "NOTATION_INTEGRITY",
      { expiry: new Date(0) },
    ],
    [
      "a plugin",
      "NOTATION_PLUGIN_NEEDED",
      { attributes: { "!io.cncf.notary.verificationPlugin": "com.acme" } },
    ],
    [
      "a plugin's version alone",
      "NOTATION_PLUGIN_NEEDED",
      {
        attributes: { "!io.cncf.notary.verificationPluginMinVersion": "1.0.0" },
      },
    ],
    [
      "a chain that is reversed",
      "NOTATION_INTEGRITY",
      { chain: [...signer.chain].reverse() },
    ],
    [
      "a chain without its root",
      "NOTATION_INTEGRITY",
      { chain: signer.chain.slice(0, 1) },
    ],
    [
      "a chain with a second root",
      "NOTATION_INTEGRITY",
      { chain: [...signer.chain, signer.root] },
    ],
    ["no chain", "NOTATION_INTEGRITY", { chain: [] }],
    ["an empty payload", "NOTATION_INTEGRITY", { payload: Buffer.alloc(0) }],
    [
      "an attribute both signed and unsigned",
      "NOTATION_INTEGRITY",
      { unsigned: { "io.cncf.notary.signingScheme": "notary.x509" } },
    ],
  ])("T29: %s gives %s", async (_, code, wish) => {
    expect(await codeOfWish(form, wish)).toBe(code);
  });

  test.each<[string, EnvelopeWish]>([
    [
      "an attribute that nobody has to know",
      { attributes: { "acme.audit": "yes" } },
    ],
    ["a member of the unsigned header", { unsigned: { "acme.hint": "x" } }],
  ])("%s does no harm", async (_, wish) => {
    expect(await codeOfWish(form, wish)).toBe("OK");
  });
});

describe("a JWS", () => {
  const good = notarized(subject, signer);

  test.each<[string, (envelope: Editable) => void]>([
    [
      "in general serialization",
      (jws) => {
        jws.signatures = [];
      },
    ],
    [
      "without a header",
      (jws) => {
        delete jws.header;
      },
    ],
    [
      "whose payload is padded",
      (jws) => {
        jws.payload += "=";
      },
    ],
    [
      "whose alg is an object",
      (jws) => {
        const { protected: text } = jws;
        const headers = changed(Buffer.from(text, "base64url"), (one) => {
          one.alg = { toString: 1 };
        });
        jws.protected = headers.toString("base64url");
      },
    ],
  ])("T29: %s gives NOTATION_INTEGRITY", async (_, change) => {
    const bytes = changed(good.bytes, change);
    const code = await codeOf(trusting(signer), withBytes(good, bytes));
    expect(code).toBe("NOTATION_INTEGRITY");
  });

  test.each([
    [
      "a member twice",
      (text: string) => text.replace("{", '{"payload":"e30",'),
    ],
    ["bytes behind it", (text: string) => `${text}{}`],
    ["a byte order mark", (text: string) => `\ufeff${text}`],
    [
      "a header whose name differs in case",
      (text: string) => text.replace('"x5c"', '"X5C"'),
    ],
  ])("with %s is MALFORMED", async (_, change) => {
    const bytes = Buffer.from(change(Buffer.from(good.bytes).toString()));
    const code = await codeOf(trusting(signer), withBytes(good, bytes));
    expect(code).toBe("MALFORMED");
  });

  test.each(["2026-02-30T00:00:00Z", "2026-01-01 00:00:00Z", "1767225600"])(
    "T29: a signing time written %s gives NOTATION_INTEGRITY",
    async (text) => {
      const attributes = { "io.cncf.notary.signingTime": text };
      const without = ["io.cncf.notary.signingTime"];
      const code = await codeOfWish("jws", { without, attributes });
      expect(code).toBe("NOTATION_INTEGRITY");
    },
  );
});

describe("a COSE envelope", () => {
  const good = notarized(subject, signer, { form: "cose" });
  const bytes = Buffer.from(good.bytes);
  const codeOfBytes = (changedBytes: Buffer) =>
    codeOf(trusting(signer), withBytes(good, changedBytes));

  test("T29: without its tag gives NOTATION_INTEGRITY", async () => {
    expect(await codeOfBytes(bytes.subarray(1))).toBe("NOTATION_INTEGRITY");
  });

  test.each([
    [
      "under another tag",
      Buffer.concat([Buffer.from([0xd1]), bytes.subarray(1)]),
    ],
    ["with a byte behind it", Buffer.concat([bytes, Buffer.from([0])])],
    [
      "of endless length",
      Buffer.concat([
        Buffer.from([0xd2, 0x9f]),
        bytes.subarray(2),
        Buffer.from([0xff]),
      ]),
    ],
    ["nested a million deep", Buffer.alloc(1_000_000, 0x81)],
    ["that ends early", bytes.subarray(0, -1)],
  ])("%s is MALFORMED", async (_, broken) => {
    expect(await codeOfBytes(broken)).toBe("MALFORMED");
  });

  test("T29: a time without its tag gives NOTATION_INTEGRITY", async () => {
    const attributes = { "io.cncf.notary.signingTime": "2026-01-01T00:00:00Z" };
    const without = ["io.cncf.notary.signingTime"];
    const code = await codeOfWish("cose", { without, attributes });
    expect(code).toBe("NOTATION_INTEGRITY");
  });
});

test("T29: a signing time in the future of the other scheme is refused", async () => {
  const wish = {
    attributes: {
      "!io.cncf.notary.authenticSigningTime": "2026-01-01T00:00:00Z",
    },
  };
  expect(await codeOfWish("jws", wish)).toBe("NOTATION_INTEGRITY");
});
