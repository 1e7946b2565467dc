import {
  checkRevocation,
  type Revocation,
  type RevocationQuery,
} from "../../../provider/verifiers/revocation/check";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import { createRoot, extensions, type Issued } from "../../samples/pki";
import { networkOf, type Answering } from "../../samples/revocation";

export const root = createRoot({ name: "revoking" });
export const stranger = createRoot({ name: "stranger" });
export const ocspUrl = "http://ocsp.example/";
export const crlUrl = "http://crl.example/list.crl";
export const past: readonly [Date, Date] = [new Date(0), new Date(1000)];

export const leafWith = (...more: readonly Buffer[]): Issued =>
  root.issue({ more });
export const withOcsp = (): Issued => leafWith(extensions.ocsp(ocspUrl));
export const withList = (): Issued => leafWith(extensions.crl(crlUrl));
export const withBoth = (): Issued =>
  leafWith(extensions.ocsp(ocspUrl), extensions.crl(crlUrl));

/** What is found of a leaf under the root, where URLs answer so. */
export async function check(
  leaf: Issued,
  answers: Readonly<Record<string, Answering>> = {},
  more: Partial<RevocationQuery> = {},
): Promise<Revocation & { readonly asked: readonly string[] }> {
  const { reach, asked } = networkOf(answers);
  const chain = [leaf, root].map(({ der }) => readCertificate(der));
  const found = await checkRevocation({ chain, reach, ...more });
  return { ...found, asked: asked.map(({ url }) => url.href) };
}
