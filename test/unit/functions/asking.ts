import { openOutside } from "../../../provider/hosts/world";
import type { ProviderConfig } from "../../../provider/hosts/config";
import type { FunctionKind } from "../../../provider/functions/kind";
import type { Message, Values } from "../../../provider/mirror/lifecycle";
import type { World } from "../../../provider/resources/world";

/** A provider that was configured, and asks functions over real sockets. */
export interface Asking {
  readonly world: World;
  readonly told: readonly Message[];
  /** the function's answer; throws what it throws, and what is wrong with the arguments as one text */
  ask(kind: FunctionKind, values: Values): Promise<Values>;
}

/** Opens a provider with plain HTTP to the hosts, for the length of the work. */
export async function whileAsking(
  hosts: readonly string[],
  work: (asking: Asking) => Promise<void>,
  config: Partial<ProviderConfig> = {},
): Promise<void> {
  const registries = hosts.map((host) => ({ host, plainHttp: true }));
  const outside = openOutside({ registries, ...config }, { HOME: "/nowhere" });
  const told: Message[] = [];
  const giveUp = new AbortController();
  const call = {
    reach: {
      send: outside.send,
      signal: giveUp.signal,
      now: () => new Date("2026-01-01T00:00:00Z"),
    },
    tell: (message: Message) => void told.push(message),
  };
  try {
    await work({
      world: outside.world,
      told,
      ask: async (kind, values) => {
        const answer = await kind.ask(outside.world, call, values);
        if ("values" in answer) return answer.values;
        const words = answer.failures.map(
          ({ property, reason }) => `${property}: ${reason}`,
        );
        throw new Error(words.join("; "));
      },
    });
  } finally {
    giveUp.abort();
    await outside.close();
  }
}
