import type { Notice, Reach, Request } from "../../../provider/mirror/ports";
import { Lanes, type Home } from "../../../provider/stores/registry/pace/lanes";
import {
  patient,
  retrying,
} from "../../../provider/stores/registry/pace/retry";
import { slowHost, virtualTime } from "./virtualTime";

const origin = "https://reg.example";

/** Lanes over a slow host on a virtual clock, and what was heard meanwhile. */
export function paced(options: Parameters<typeof slowHost>[1]) {
  const time = virtualTime();
  const host = slowHost(time, options);
  const lanes = new Lanes({ clock: time, patience: patient });
  const notices: Notice[] = [];
  /** a call of its own, as Pulumi makes it */
  const call = (stop = new AbortController()): Reach => ({
    send: host.send,
    signal: stop.signal,
    now: () => time.now(),
    notice: (notice) => void notices.push(notice),
  });
  const lane = (home: Partial<Home> = {}) =>
    lanes.open({
      origin,
      minRemaining: undefined,
      hide: (text) => text,
      ...home,
    });
  return { time, ...host, lane, call, notices, lanes };
}

export type Paced = ReturnType<typeof paced>;

export function get(path = "/v2/a/manifests/1", at = origin): Request {
  return { method: "GET", url: new URL(path, at), headers: {} };
}

/** Sends as `ask` does: insisting, in turn. Answers the status, or the error. */
export async function sent(
  { time, lane, call }: Pick<Paced, "time" | "lane" | "call">,
  request = get(),
  home: Partial<Home> = {},
): Promise<unknown> {
  const reach = call();
  const send = retrying(lane(home).paced(reach).send, {
    clock: time,
    patience: patient,
    now: () => time.now(),
    notice: (notice) => reach.notice?.(notice),
  });
  try {
    const response = await send(request, reach.signal);
    await response.discard();
    return response.status;
  } catch (error) {
    return error;
  }
}

/** So many at once. */
export function burst(world: Paced, count: number, request?: Request) {
  const all = Array.from({ length: count }, () => sent(world, request));
  return world.time.run(Promise.all(all));
}
