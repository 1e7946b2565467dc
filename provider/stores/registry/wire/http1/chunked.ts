import { BrokenAnswer } from "./brokenAnswer";

const maxLineBytes = 1024;
const maxTrailerBytes = 16 * 1024;
const sizeLine = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** Takes the chunked coding off a body (RFC 9112 §7.1), whatever pieces it comes in. Trailers are read past. */
export class ChunkedReader {
  #state: "size" | "data" | "behind" | "trailer" | "done" = "size";
  #line = "";
  #left = 0;
  #trailerBytes = 0;

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Hands out what `bytes` hold of the body, as views on them; answers how many of them belong to it. */
  read(bytes: Buffer, take: (part: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && this.#state !== "done") {
      at +=
        this.#state === "data"
          ? this.#readData(bytes.subarray(at), take)
          : this.#readLine(bytes.subarray(at));
    }
    return at;
  }

  #readData(bytes: Buffer, take: (part: Buffer) => void): number {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#left === 0) this.#state = "behind";
    take(part);
    return part.length;
  }

  #readLine(bytes: Buffer): number {
    const end = bytes.indexOf(10);
    const used = end < 0 ? bytes.length : end + 1;
    this.#line += bytes.toString("latin1", 0, used);
    if (this.#line.length > maxLineBytes)
      throw new BrokenAnswer("a line of its chunked body is too long");
    if (end < 0) return used;
    const line = this.#line;
    this.#line = "";
    if (!line.endsWith("\r\n"))
      throw new BrokenAnswer("a line of its chunked body ends in a bare LF");
    this.#take(line.slice(0, -2));
    return used;
  }

  #take(line: string): void {
    if (this.#state === "size") this.#begin(line);
    else if (this.#state === "behind") this.#endChunk(line);
    else this.#passTrailer(line);
  }

  #begin(line: string): void {
    const [, digits] = sizeLine.exec(line) ?? [];
    if (digits === undefined)
      throw new BrokenAnswer("a chunk of its body has no size");
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left === 0 ? "trailer" : "data";
  }

  #endChunk(line: string): void {
    if (line !== "")
      throw new BrokenAnswer("a chunk of its body is longer than it says");
    this.#state = "size";
  }

  #passTrailer(line: string): void {
    this.#trailerBytes += line.length;
    if (this.#trailerBytes > maxTrailerBytes)
      throw new BrokenAnswer("its trailers are too long");
    if (line === "") this.#state = "done";
  }
}
