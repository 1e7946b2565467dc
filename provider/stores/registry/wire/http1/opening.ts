import {
  connect,
  isIP,
  type LookupFunction,
  type OnReadOpts,
  type Socket,
} from "node:net";
import { connect as connectSecurely, type SecureContext } from "node:tls";

/** Where to, and on whose word. */
export interface Opening {
  readonly url: URL;
  /** says which addresses may be dialled, and is asked for each connection */
  readonly lookup: LookupFunction;
  readonly secureContext: SecureContext;
  readonly isVerified: boolean;
}

/** Makes what opens sockets to one origin. TLS sessions are taken up again within it, and nowhere else. */
export function opener(opening: Opening): (onread: OnReadOpts) => Socket {
  const { url, lookup } = opening;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  if (!isSecure)
    return (onread) => connect({ host, port, lookup, onread, keepAlive: true });
  let session: Buffer | undefined;
  return (onread) => {
    const options = {
      host,
      port,
      lookup,
      onread,
      keepAlive: true,
      secureContext: opening.secureContext,
      rejectUnauthorized: opening.isVerified,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(host) ? {} : { servername: host }),
      ...(session === undefined ? {} : { session }),
    };
    const socket = connectSecurely(options);
    socket.on("session", (ticket: Buffer) => {
      session = ticket;
    });
    return socket;
  };
}
