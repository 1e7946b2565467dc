/** A server broke HTTP's grammar. Nothing more is read of it, and its connection is closed (N50). */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";
  readonly code = "HTTP_BROKEN_ANSWER";
}

/** A connection ended before the answer was whole. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  readonly code = "HTTP_CONNECTION_LOST";
}

/** Nothing came, or nothing could be sent, for too long. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
  readonly code = "HTTP_TIMED_OUT";
}

/** A request that must not be written as it stands (N49), or a body of another length than was said (W88). */
export class BrokenRequest extends Error {
  override readonly name = "BrokenRequest";
  readonly code = "HTTP_BROKEN_REQUEST";
}
