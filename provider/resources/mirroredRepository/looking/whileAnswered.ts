import type { Reach } from "../../../mirror/ports";

/** The same reach, given up when nobody has answered anything of use for so long: a long list has many pages, which come one after the other. */
export function whileAnswered(reach: Reach, milliseconds: number): Reach {
  const silence = new AbortController();
  let isAnswered = false;
  const wait = () => {
    const over = AbortSignal.timeout(milliseconds);
    const onOver = () => {
      if (!isAnswered) return silence.abort(over.reason);
      isAnswered = false;
      wait();
    };
    over.addEventListener("abort", onOver, { once: true });
  };
  wait();
  return {
    ...reach,
    signal: AbortSignal.any([reach.signal, silence.signal]),
    send: async (request, signal) => {
      const response = await reach.send(request, signal);
      isAnswered ||= response.status < 400;
      return response;
    },
  };
}
