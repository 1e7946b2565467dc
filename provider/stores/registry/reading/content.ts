import type { Response } from "../../../mirror/ports";
import { MirrorError } from "../../../mirror/errors";
import type { Descriptor } from "../../../oci/descriptor";
import { algorithmOf, digestOf } from "../../../oci/digest";
import { MalformedError } from "../../../oci/malformed";
import { readWhole } from "../../../mirror/body";
import { countHeader, header } from "../wire/message";
import {
  limitError,
  located,
  protocolError,
  type Asked,
} from "../wire/wireError";

/** Refuses a body in an encoding that nobody asked for: its bytes would not be what was hashed (W71, N36). */
export async function refuseEncoding(
  response: Response,
  asked: Asked,
): Promise<void> {
  const encoding = header(response, "content-encoding") ?? "identity";
  if (encoding.toLowerCase() === "identity") return;
  await response.discard();
  throw protocolError(
    asked,
    `the answer is encoded as ${encoding.slice(0, 40)}, which was not asked for`,
  );
}

/** Refuses a web page where content was asked for (W146, N51). */
export async function refusePage(
  response: Response,
  asked: Asked,
): Promise<void> {
  const type = header(response, "content-type") ?? "";
  if (!/^text\/html\b/i.test(type)) return;
  await response.discard();
  throw protocolError(
    asked,
    "a web page came instead",
    "a proxy or a login page may stand before the registry",
  );
}

/** A whole body within a bound. */
export async function readBounded(
  response: Response,
  maxBytes: number,
  asked: Asked,
): Promise<Uint8Array> {
  await refuseEncoding(response, asked);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readWhole(response, maxBytes);
  } catch (error) {
    throw located(error, asked);
  }
  if (bytes === undefined)
    throw limitError(asked, `more than ${maxBytes} bytes came`);
  return bytes;
}

/** Throws unless the bytes are the ones described (W52, W58). */
export function proveContent(
  bytes: Uint8Array,
  node: Descriptor,
  asked: Asked,
): void {
  if (bytes.byteLength !== node.size)
    throw sizeMismatch(asked, node.size, bytes.byteLength);
  const actual = digestOf(bytes, algorithmOf(node.digest));
  if (actual !== node.digest) throw digestMismatch(asked, node.digest, actual);
}

/** Throws where a length is announced that is not the described one (W70). */
export async function proveLength(
  response: Response,
  size: number,
  asked: Asked,
): Promise<void> {
  const length = countHeader(response, "content-length");
  if (length === undefined || length === size) return;
  await response.discard();
  throw sizeMismatch(asked, size, length);
}

/** The place serves other bytes under this digest. */
export function digestMismatch(
  asked: Asked,
  expected: string,
  actual: string,
): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "corrupt",
    code: "DIGEST_MISMATCH",
    why: `its digest is ${actual}, and ${expected} was asked for`,
    remedy:
      "the registry, or a proxy before it, serves other content; nothing of it was used",
  });
}

/** The place serves more or fewer bytes than are described. */
export function sizeMismatch(
  asked: Asked,
  expected: number,
  actual: number | string,
): MirrorError {
  return new MirrorError({
    ...asked,
    fault: "corrupt",
    code: "SIZE_MISMATCH",
    why: `it has ${actual} bytes, and ${expected} are described`,
    remedy:
      "the artifact names a wrong size, or the registry serves other content",
  });
}

/** Reads a document; one that breaks its grammar is the server's fault. */
export function reading<T>(asked: Asked, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MirrorError({
      ...asked,
      fault: "corrupt",
      code: "PROTOCOL",
      why: `the registry's answer cannot be read: ${error.message}`,
      remedy: "check the registry, and any proxy before it",
      cause: error,
    });
  }
}
