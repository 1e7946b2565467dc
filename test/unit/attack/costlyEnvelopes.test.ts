import { image } from "../../samples/artifacts";
import { createRoot } from "../../samples/pki";
import { authorityOf, evidenceOf, offline } from "../verifiers/world";

const mebibyte = 1024 * 1024;
const subject = image().descriptor;
const trustPolicy = JSON.stringify({
  version: "1.0",
  trustPolicies: [
    {
      name: "all",
      registryScopes: ["*"],
      signatureVerification: { level: "skip" },
    },
    {
      name: "one",
      registryScopes: ["source.example/acme/app"],
      signatureVerification: { level: "audit" },
      trustStores: ["ca:acme"],
      trustedIdentities: ["*"],
    },
  ],
});

/** A tagged COSE message of very many numbers. */
function numbers(count: number): Buffer {
  const head = Buffer.from([0xd2, 0x9a, 0, 0, 0, 0]);
  head.writeUInt32BE(count, 2);
  return Buffer.concat([head, Buffer.alloc(count)]);
}

test.each([
  ["application/cose", numbers(15 * mebibyte), "LIMIT"],
  ["application/cose", Buffer.alloc(15 * mebibyte, 0x81), "LIMIT"],
  ["application/cose", Buffer.alloc(mebibyte, 0x81), "MALFORMED"],
  ["application/jose+json", Buffer.alloc(15 * mebibyte, "["), "LIMIT"],
  ["application/jose+json", Buffer.alloc(mebibyte, "["), "MALFORMED"],
])(
  "T34: an envelope of a stranger (%s) that is far too large, or far too deep, is not read: %#",
  async (mediaType, bytes, code) => {
    const trustStores = { ca: { acme: [createRoot().pem] } };
    const authority = await authorityOf({
      notation: { trustPolicy, trustStores },
    });
    const evidence = {
      ...evidenceOf(subject, { mediaType, bytes }),
      artifactType: "application/vnd.cncf.notary.signature",
    };
    expect(await authority.authenticate(evidence, offline)).toMatchObject({
      outcome: "rejected",
      code,
    });
  },
);
