import * as http from "node:http";
import type { Answer } from "../registry/answer";
import { headersOf, writeAnswer } from "../registry/wire";
import { entryOf, type Entry } from "./journal";
import type { Actor, Stage } from "./stage";

/** Starts somebody who answers as told, on a free port of 127.0.0.1; belongs to the stage from now on. */
export async function startActor(
  stage: Stage,
  answer: (entry: Entry) => Answer & { readonly cutAt?: number },
): Promise<Actor> {
  const journal: Entry[] = [];
  let origin = "";
  const receive = async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const arrived = {
      origin,
      at: stage.clock.monotonic(),
      method: request.method ?? "GET",
      target: request.url ?? "/",
      headers: headersOf(request),
    };
    const entry = entryOf(arrived, stage.canaries);
    journal.push(entry);
    const said = answer(entry);
    entry.status = said.status;
    const { cutAt } = said;
    entry.responseBytes = await writeAnswer(request, response, {
      answer: said,
      ...(cutAt === undefined ? {} : { action: { cutAt } }),
    });
  };
  const server = http.createServer((...both) => void receive(...both));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the actor is not listening on a port");
  }
  const host = `127.0.0.1:${address.port}`;
  origin = `http://${host}`;
  const actor: Actor = {
    host,
    origin,
    journal,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  stage.actors.push(actor);
  return actor;
}

/** Somebody who should never be asked anything, and says yes to everything. */
export function startAttacker(stage: Stage): Promise<Actor> {
  return startActor(stage, () => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: Buffer.from('{"token":"come-in"}'),
  }));
}
