import type { Message, Values } from "../../../provider/mirror/lifecycle";
import type { ProviderConfig } from "../../../provider/hosts/config";
import { openOutside } from "../../../provider/hosts/world";
import { mirroredArtifact } from "../../../provider/resources/mirroredArtifact";
import { counts } from "../../registry/recorder";
import type { TestRegistry } from "../../registry/registry";

/** One provider process: whatever it learns, its resources share. */
export interface Process {
  /** Check and Create or Update, as `pulumi up` after its preview; answers the state */
  up(inputs: Values, state?: Values): Promise<Values>;
  /** Check and a dry Create; answers what was told */
  preview(inputs: Values, state?: Values): Promise<readonly string[]>;
  /** Read and Check: what a preview costs where nothing changed */
  look(inputs: Values, state: Values): Promise<void>;
  close(): Promise<void>;
}

/** Opens a process that reaches the registries over plain HTTP, with the login that token servers ask for. */
export function openProcess(
  registries: readonly TestRegistry[],
  config: ProviderConfig = {},
): Process {
  const hosts = registries.map(({ host }) => host);
  const outside = openOutside(
    {
      registries: hosts.map((host) => ({ host, plainHttp: true })),
      credentials: hosts.map((registry) => ({
        registry,
        username: "mirror",
        password: "secret",
      })),
      ...config,
    },
    {},
  );
  const lifecycle = mirroredArtifact.lifecycle(outside.world);
  const told: Message[] = [];
  const call = {
    reach: {
      send: outside.send,
      signal: AbortSignal.timeout(60_000),
      now: () => new Date(),
    },
    tell: (message: Message) => void told.push(message),
  };
  const desired = async (inputs: Values, state?: Values) => {
    const checked = await lifecycle.check(call, { news: inputs });
    expect(checked.failures).toEqual([]);
    const all = { ...inputs, ...checked.inputs };
    return { inputs: all, ignoreChanges: [], ...(state && { state }) };
  };
  return {
    up: async (inputs, state) =>
      (await lifecycle.apply(call, await desired(inputs, state))).state,
    preview: async (inputs, state) => {
      told.length = 0;
      await lifecycle.plan(call, await desired(inputs, state));
      return told.map(({ text }) => text);
    },
    look: async (inputs, state) => {
      await lifecycle.observe(call, { id: "id", inputs, state });
      await desired(inputs, state);
    },
    close: () => outside.close(),
  };
}

/** What was asked of a registry since the last time, as `HEAD manifest`, and the sum of it without logins. */
export function asked(
  registry: TestRegistry,
): Readonly<Record<string, number>> {
  const found = counts(registry.requests);
  registry.resetRequests();
  return found;
}

/** How many of them there were, without logins. */
export function sum(found: Readonly<Record<string, number>>): number {
  const { token: _, challenge: __, ...rest } = found;
  return Object.values(rest).reduce((left, right) => left + right, 0);
}
