import { createServer } from "node:http";
import type { Answering } from "../samples/revocation";

/** OCSP responders and lists of certificate authorities, on loopback. */
export interface AuthorityServer {
  readonly host: string;
  /** A URL that gives this answer from now on, until told otherwise. */
  answers(path: string, answer: Answering): string;
  close(): Promise<void>;
}

/** Answers every method alike; what nobody told it is 404. */
export async function startAuthorityServer(): Promise<AuthorityServer> {
  const known = new Map<string, Answering>();
  const server = createServer((request, response) => {
    const path = [...known.keys()].find((one) => request.url?.startsWith(one)); // OCSP by GET has the question behind the path
    const answer = (path === undefined ? undefined : known.get(path)) ?? 404;
    request.resume();
    if (answer === "never") return;
    if (typeof answer === "number") response.writeHead(answer).end();
    else {
      response.setHeader("content-type", "application/ocsp-response");
      response.end(answer);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("port");
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    answers(path, answer) {
      known.set(path, answer);
      return `http://${host}${path}`;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
