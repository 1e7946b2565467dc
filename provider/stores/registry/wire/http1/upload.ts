import type { Socket } from "node:net";
import { BrokenRequest } from "./brokenAnswer";

/** A body on its way out. */
export interface Upload {
  readonly body: AsyncIterable<Uint8Array>;
  readonly length: number;
  /** the server has answered, or is gone: nothing more is asked of the source */
  isOver(): boolean;
  /** whether the source, and not the server, is waited for */
  onWaiting(isForSource: boolean): void;
}

/** Writes exactly as many bytes as were said (W88). The next chunk is asked for while one is written, and no sooner. */
export async function writeBody(socket: Socket, upload: Upload): Promise<void> {
  let left = upload.length;
  let writing: Promise<void> = Promise.resolve();
  upload.onWaiting(true);
  for await (const chunk of upload.body) {
    upload.onWaiting(false);
    await writing;
    if (upload.isOver()) return; // W89
    left -= chunk.byteLength;
    if (left < 0)
      throw new BrokenRequest("its body is longer than its content-length");
    writing = write(socket, chunk);
    writing.catch(() => undefined); // whoever awaits it sees it
    upload.onWaiting(true);
  }
  upload.onWaiting(false);
  await writing;
  if (left > 0)
    throw new BrokenRequest("its body is shorter than its content-length");
}

function write(socket: Socket, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
