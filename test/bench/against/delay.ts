import { fork } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";

/** A port that leads to another one, slowly. */
export interface DelayedPort {
  readonly port: number;
  close(): void;
}

const maxWaitingBytes = 8 * 1024 * 1024;

/** Starts this very program once more, as a wire with a round trip of so many milliseconds. */
export function delayed(port: number, rttMs: number): Promise<DelayedPort> {
  const words = ["--delay", `${port},${rttMs}`];
  const child = fork(process.argv[1] ?? "", words);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (found) =>
      resolve({ port: Number(found), close: () => void child.kill() }),
    );
  });
}

/** Is that wire, until the parent is gone: every byte takes half the round trip, and a connection a whole one before its first. */
export function serveDelay(words: string): void {
  const [port = 0, rttMs = 0] = words.split(",").map(Number);
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    const opened = performance.now() + rttMs;
    pass(near, far, { notBefore: opened, halfMs: rttMs / 2 });
    pass(far, near, { notBefore: 0, halfMs: rttMs / 2 });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address !== "string")
      process.send?.(address.port);
  });
  process.on("disconnect", () => process.exit(0));
}

/** Hands on what comes, in its order, each piece when it is due. */
function pass(
  from: Socket,
  to: Socket,
  {
    notBefore,
    halfMs,
  }: { readonly notBefore: number; readonly halfMs: number },
): void {
  const queue: { readonly due: number; readonly chunk: Buffer | undefined }[] =
    [];
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  const deliver = () => {
    timer = undefined;
    const now = performance.now();
    for (let next = queue[0]; next && next.due <= now; next = queue[0]) {
      queue.shift();
      waiting -= next.chunk?.length ?? 0;
      if (next.chunk) to.write(next.chunk);
      else to.end();
    }
    if (waiting < maxWaitingBytes) from.resume();
    const [next] = queue;
    if (next) timer = setTimeout(deliver, Math.max(0, next.due - now));
  };
  const add = (chunk?: Buffer) => {
    const due = Math.max(performance.now(), notBefore) + halfMs;
    queue.push({ due, chunk });
    waiting += chunk?.length ?? 0;
    if (waiting >= maxWaitingBytes) from.pause();
    timer ??= setTimeout(deliver, due - performance.now());
  };
  from.on("data", add);
  from.on("end", () => add());
  from.on("error", () => to.destroy());
  from.on("close", () => add());
}
