import { textOf } from "../../mirror/textOf";
import { bareBase64 } from "../formats/base64";
import { once } from "../once";
import {
  readRevocationList,
  readRevocationLists,
  type RevocationList,
} from "./revocationList";

/** The certificate revocation lists in a text: PEM, any number of them, or one as base64 of its DER. Who signed them is asked later. Throws an `Error` for anything else. */
export const revocationListsIn = once(read, 64);

function read(text: string): readonly RevocationList[] {
  try {
    const bare = bareBase64(text);
    return bare !== undefined
      ? [readRevocationList(Buffer.from(bare, "base64"))]
      : readRevocationLists(text);
  } catch (cause) {
    throw new Error(`cannot be used: ${textOf(cause)}`, { cause });
  }
}
