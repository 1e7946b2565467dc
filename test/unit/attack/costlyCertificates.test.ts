import { createPrivateKey, createPublicKey } from "node:crypto";
import { generateKeyPairSync, generatePrimeSync } from "node:crypto";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import { purposes } from "../../../provider/verifiers/x509/extensions";
import { findPath } from "../../../provider/verifiers/x509/path";
import { createRoot } from "../../samples/pki";

/** An RSA key whose exponent is as long as its modulus: verifying with it costs a hundred times as much. */
function costlyKeys(bits: number) {
  const half = { bigint: true as const };
  for (;;) {
    const [p, q] = [
      generatePrimeSync(bits / 2, half),
      generatePrimeSync(bits / 2, half),
    ];
    const phi = (p - 1n) * (q - 1n);
    const d = 65_537n;
    const e = inverse(d, phi);
    if (e === undefined || (p * q).toString(2).length !== bits) continue;
    const qi = inverse(q, p) ?? 0n;
    const jwk = {
      kty: "RSA",
      n: text(p * q),
      e: text(e),
      d: text(d),
      p: text(p),
      q: text(q),
      dp: text(d % (p - 1n)),
      dq: text(d % (q - 1n)),
      qi: text(qi),
    };
    const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  }
}

function inverse(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : undefined;
}

function text(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(even, "hex").toString("base64url");
}

test("a chain of keys that cost much to verify with does not hold up anybody", () => {
  const keys = costlyKeys(3072);
  const name = "costly";
  const stranger = createRoot({ name, keys });
  const leaf = stranger.issue();
  const others = Array.from({ length: 30 }, () =>
    stranger.authority({ name, keys }),
  );
  const began = performance.now();
  expect(() =>
    findPath({
      leaf: readCertificate(leaf.der),
      intermediates: others.map(({ der }) => readCertificate(der)),
      roots: [readCertificate(createRoot().der)],
      at: new Date(),
      purpose: purposes.codeSigning,
    }),
  ).toThrow(expect.objectContaining({ code: "CERT_INVALID" }));
  expect(performance.now() - began).toBeLessThan(500);
});

test("a certificate with a key of another kind is not read", () => {
  const { publicKey, privateKey } = generateKeyPairSync("dsa", {
    modulusLength: 2048,
    divisorLength: 256,
  });
  const dsa = createRoot().issue({ keys: { publicKey, privateKey } });
  expect(() => readCertificate(dsa.der)).toThrow(
    expect.objectContaining({ code: "CERT_INVALID" }),
  );
});
