import fc from "fast-check";
import { readOcspResponse } from "../../../provider/verifiers/revocation/ocspResponse";
import { statusByLists } from "../../../provider/verifiers/revocation/listStatus";
import { readRevocationList } from "../../../provider/verifiers/revocation/revocationList";
import { NoStatus } from "../../../provider/verifiers/revocation/status";
import { NotDer } from "../../../provider/verifiers/x509/asn1";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import { Refusal } from "../../../provider/verifiers/refusal";
import { ocspResponse, revocationList } from "../../samples/revocation";
import { purposeOids, extensions } from "../../samples/pki";
import { leafWith, root } from "./revoking";

const leaf = leafWith();
const responder = root.issue({
  name: "responder",
  extensions: [extensions.purposes([purposeOids.ocspSigning])],
});
const subject = {
  certificate: readCertificate(leaf.der),
  issuer: readCertificate(root.der),
};
const now = new Date();

test.each<[string, Buffer, (bytes: Uint8Array) => string]>([
  [
    "an answer",
    ocspResponse(leaf, root, {
      status: "revoked",
      responder,
      certificates: [responder],
    }),
    (bytes) => readOcspResponse(bytes, subject, now).status.kind,
  ],
  [
    "a list",
    revocationList(root, { entries: [{ serial: leaf.serial }] }),
    (bytes) =>
      statusByLists({ base: readRevocationList(bytes) }, subject, now).status
        .kind,
  ],
])(
  "%s that says revoked never says anything else, whatever is changed in it",
  (_, good, read) => {
    expect(read(good)).toBe("revoked");
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (at, bytes, isCut) => {
          const end = isCut ? good.length : at + bytes.length;
          const broken = Buffer.concat([
            good.subarray(0, at),
            bytes,
            good.subarray(end),
          ]);
          expect(["revoked", "nothing"]).toContain(said(() => read(broken)));
        },
      ),
      { numRuns: 500 },
    );
  },
);

/** What was said, or `nothing` where it was no answer; throws what nobody expects. */
function said(read: () => string): string {
  try {
    return read();
  } catch (thrown) {
    const known = [NoStatus, NotDer, Refusal].some(
      (kind) => thrown instanceof kind,
    );
    if (known) return "nothing";
    throw thrown;
  }
}
