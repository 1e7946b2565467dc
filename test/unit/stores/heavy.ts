import { parseDigest } from "../../../provider/oci/digest";
import type { Descriptor } from "../../../provider/oci/descriptor";
import type { Copy } from "./shop";

/** A blob of so many bytes in the source of a copy. */
export function heavy({ from }: Copy, size: number): Descriptor {
  const bytes = Buffer.alloc(size, "heavy");
  const digest = parseDigest(from.putBlob("team/app", bytes));
  return { mediaType: "application/octet-stream", digest, size };
}

/** Sends one blob that is proven not to be at the destination. */
export function send(copy: Copy, blob: Descriptor): Promise<number> {
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  return copy.destination.copyFrom(copy.source, blob, {
    ...by,
    isAbsent: true,
  });
}

/** Method, status and body bytes of what an upload asked of the destination. */
export function uploadOf({ to }: Copy): readonly string[] {
  return to.requests
    .filter(({ kind }) => kind === "upload")
    .map(
      ({ method, status, headers }) =>
        `${method} ${headers["content-range"] ?? headers["content-length"] ?? ""} ${status}`,
    );
}
