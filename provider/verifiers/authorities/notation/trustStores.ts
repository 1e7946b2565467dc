import { textOf } from "../../../mirror/textOf";
import { isBase64 } from "../../formats/base64";
import { once } from "../../once";
import {
  readCertificate,
  readCertificates,
  type Certificate,
} from "../../x509/certificate";
import { basicConstraintsOf } from "../../x509/extensions";
import { isSelfSigned } from "../../x509/issued";
import type { StoreName, StoreType } from "./trustPolicy";

/** Trust stores as a user writes them: certificates by the store's name. */
export type TrustStores = Readonly<
  Partial<Record<StoreType, Readonly<Record<string, readonly string[]>>>>
>;

/** The certificates in a text: PEM, any number of them, or one as base64 of its DER. Throws an `Error` for anything else. */
export const certificatesIn = once(read, 256);

function read(text: string): readonly Certificate[] {
  try {
    const bare = text.trim();
    return isBase64(bare)
      ? [readCertificate(Buffer.from(bare, "base64"))]
      : readCertificates(text);
  } catch (cause) {
    throw new Error(`cannot be used: ${textOf(cause)}`, { cause });
  }
}

/** What notation asks of a certificate in a trust store. Throws an `Error`. */
export function requireTrustworthy(text: string): void {
  for (const certificate of certificatesIn(text)) {
    const isAuthority = basicConstraintsOf(certificate)?.isAuthority ?? false;
    if (isAuthority || isSelfSigned(certificate)) continue;
    throw new Error(
      "is neither an authority's certificate nor self-signed: give the root, or the authority",
    );
  }
}

/** What notation asks of a timestamp authority's: roots only. Throws an `Error`. */
export function requireRoots(text: string): void {
  for (const certificate of certificatesIn(text)) {
    const isAuthority = basicConstraintsOf(certificate)?.isAuthority ?? false;
    if (isAuthority && isSelfSigned(certificate)) continue;
    throw new Error("is no root: a timestamp authority is trusted by its root");
  }
}

/** The certificates of those stores that have the type. */
export function certificatesOf(
  stores: TrustStores,
  named: readonly StoreName[],
  wanted: StoreType,
): readonly Certificate[] {
  return named
    .filter(({ type }) => type === wanted)
    .flatMap(({ type, name }) => textsOf(stores, { type, name }) ?? [])
    .flatMap(certificatesIn);
}

/** What a user wrote of a store, or undefined where there is none. */
export function textsOf(
  stores: TrustStores,
  { type, name }: StoreName,
): readonly string[] | undefined {
  const ofType = stores[type];
  return ofType && Object.hasOwn(ofType, name) ? ofType[name] : undefined;
}
