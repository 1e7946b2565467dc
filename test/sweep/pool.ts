import { startPlugin, type Plugin } from "./plugin";

/** Plugins that were started before they are needed. */
export interface Pool {
  next(): Promise<Plugin>;
  end(): Promise<void>;
}

const ahead = 2;

/** Keeps some processes waiting, so that a sweep does not wait for each. */
export function openPool(
  executable: string,
  environment?: Readonly<Record<string, string>>,
): Pool {
  const waiting: Promise<Plugin>[] = [];
  const refill = () => {
    while (waiting.length < ahead)
      waiting.push(startPlugin(executable, environment));
  };
  return {
    next: () => {
      refill();
      const plugin = waiting.shift();
      refill();
      return plugin ?? startPlugin(executable, environment);
    },
    end: async () => {
      for (const plugin of waiting) await (await plugin).end();
    },
  };
}
