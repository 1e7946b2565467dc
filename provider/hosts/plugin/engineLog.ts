import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Message } from "../../mirror/lifecycle";
import type { Redact } from "../redact";

/** One line for the engine. `ephemeral`: it is shown on the resource's row until the next one, and kept nowhere. */
export interface LogLine {
  readonly severity: "info" | "warning";
  readonly text: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}

/** The engine's ear. `log` ends when the line has arrived, or could not; it never throws. */
export interface Engine {
  log(line: LogLine): Promise<void>;
  close(): void;
}

const answerWithinMs = 1000;

/** The engine at the address that it gave in Handshake or Attach. */
export function connectEngine(address: string): Engine {
  const client = new EngineClient(address, credentials.createInsecure());
  return {
    log: (line) =>
      new Promise((resolve) => {
        const deadline = Date.now() + answerWithinMs;
        client.log(toRequest(line), new Metadata(), { deadline }, () =>
          resolve(),
        );
      }),
    close: () => client.close(),
  };
}

function toRequest(line: LogLine): LogRequest {
  const { INFO, WARNING } = LogSeverity;
  return new LogRequest()
    .setSeverity(line.severity === "info" ? INFO : WARNING)
    .setMessage(line.text)
    .setUrn(line.urn)
    .setEphemeral(line.ephemeral);
}

/** How long a call is quiet before its progress shows. */
const quietMs = 1000;
/** How long a line stands, at least and at most, and which part of the time that the call has taken: a pipeline's log keeps each one. */
const standMs = { least: 250, most: 5000, part: 1 / 20 };

/** What one call says about one resource. */
export interface Teller {
  readonly tell: (message: Message) => void;
  /** Ends when all that is to be kept has arrived; drops the progress that has not been shown yet. */
  end(): Promise<void>;
}

/** Progress begins after a second and comes at most four times a second, the last word first, and the more seldom the longer it takes; infos and warnings go at once and are kept. */
export function createTeller(options: {
  readonly engine: Engine | undefined;
  readonly urn: string;
  readonly redact: Redact;
}): Teller {
  const { engine, urn, redact } = options;
  const arriving = new Set<Promise<void>>();
  let latest = "";
  const began = Date.now();
  let nextAt = began + quietMs;
  let timer: NodeJS.Timeout | undefined;

  function send(line: Omit<LogLine, "urn">): void {
    if (engine === undefined) return;
    const arrival = engine.log({ ...line, urn, text: redact(line.text) });
    arriving.add(arrival);
    void arrival.finally(() => arriving.delete(arrival));
  }

  function showLatest(): void {
    timer = undefined;
    const part = (Date.now() - began) * standMs.part;
    const stands = Math.max(standMs.least, Math.min(standMs.most, part));
    nextAt = Date.now() + stands;
    send({ severity: "info", text: latest, ephemeral: true });
  }

  return {
    tell(message) {
      if (message.kind !== "progress") {
        send({ severity: message.kind, text: message.text, ephemeral: false });
        return;
      }
      latest = message.text;
      timer ??= setTimeout(showLatest, Math.max(0, nextAt - Date.now()));
    },
    async end() {
      clearTimeout(timer);
      await Promise.all(arriving);
    },
  };
}
