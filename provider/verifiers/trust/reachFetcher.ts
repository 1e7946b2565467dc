import { BaseFetcher } from "tuf-js";
import { DownloadHTTPError } from "tuf-js/dist/error";
import type { Reach } from "../../mirror/ports";

/** Nobody named its repositories: they are found at public addresses only, unless the provider's `registries` list them (§3.2). */
const builtIn = new URL("https://built-in.invalid");

/** Lets the TUF client read by `Reach` alone; it bounds what it reads itself. Redirects are not followed. */
export class ReachFetcher extends BaseFetcher {
  constructor(private readonly reach: Reach) {
    super();
  }

  override async fetch(
    url: string,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const answer = await this.reach.send(
      { method: "GET", url: new URL(url), headers: {}, ledBy: builtIn },
      this.reach.signal,
    );
    const { status, body } = answer;
    if (status === 200) return ReadableStream.from(copied(body));
    await answer.discard();
    throw new DownloadHTTPError(
      `${new URL(url).pathname} was answered with ${status}`,
      status,
    );
  }
}

async function* copied(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of body) yield new Uint8Array(chunk);
}
