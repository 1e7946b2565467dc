import type { Call } from "../../../mirror/lifecycle";
import type { Progress as Copied } from "../../../mirror/transfer";
import { bytesText } from "../../mirroring/words";

/** How far all tags have come; each of them adds to one line. */
export class Progress {
  #done = 0;
  #blobs = 0;
  #bytes = 0;
  readonly #copying = new Map<string, Copied>();

  constructor(
    readonly of: { readonly tags: number; readonly verb: string },
    readonly call: Pick<Call, "tell">,
  ) {}

  /** A tag's own copying. */
  copied(tag: string, progress: Copied): void {
    this.#copying.set(tag, progress);
    this.#say();
  }

  /** A tag that is done, whatever became of it. */
  done(tag: string): void {
    const { blobsDone = 0, bytesDone = 0 } = this.#copying.get(tag) ?? {};
    this.#copying.delete(tag);
    this.#blobs += blobsDone;
    this.#bytes += bytesDone;
    this.#done++;
    this.#say();
  }

  #say(): void {
    const under = [...this.#copying.values()];
    const blobs = under.reduce((sum, one) => sum + one.blobsDone, this.#blobs);
    const bytes = under.reduce((sum, one) => sum + one.bytesDone, this.#bytes);
    const copied = blobs > 0 ? `, ${blobs} blobs, ${bytesText(bytes)}` : "";
    const { verb, tags } = this.of;
    const text = `${verb} ${this.#done} of ${tags} tags${copied}`;
    this.call.tell({ kind: "progress", text });
  }
}
