import { DynamicHost } from "../../../provider/hosts/dynamicHost";
import { MirrorError } from "../../../provider/mirror/errors";
import {
  type Lifecycle,
  type Values,
} from "../../../provider/mirror/lifecycle";

export const inputs = {
  source: "src:1",
  destination: "dst:1",
  policy: { signedBy: [{ key: "k" }] },
  digest: "sha256:1",
};
export const text = { __provider: "exports.handler = …" };

export const refusal = new MirrorError({
  fault: "refused",
  code: "REFUSED",
  what: "verification refused",
  why: "nobody signed",
  remedy: "ask the vendor",
});

const quiet: Lifecycle = {
  check: async () => ({ inputs: {}, failures: [] }),
  plan: async (_, desired) => desired.inputs,
  pending: () => [],
  apply: async (_, desired) => ({ id: "dst:1", state: desired.inputs }),
  observe: async (_, { id, state }) => ({ id, inputs: {}, state: state ?? {} }),
  remove: async () => undefined,
};

interface Started {
  readonly host: DynamicHost;
  readonly printed: string[];
  readonly opened: Values[];
  readonly planned: Values[];
  configured(config?: Record<string, string>): Promise<DynamicHost>;
}

/** A dynamic host whose one kind lives as the test says. */
export function start(lifecycle: Partial<Lifecycle> = {}): Started {
  const printed: string[] = [];
  const opened: Values[] = [];
  const planned: Values[] = [];
  const life: Lifecycle = { ...quiet, ...lifecycle };
  const host = new DynamicHost({
    configNames: ["registries", "credentials"],
    check: ({ registries, surprise }) => [
      ...(registries === "bad"
        ? [{ property: "registries", reason: "must be a list" }]
        : []),
      ...(surprise === undefined
        ? []
        : [{ property: "surprise", reason: "is not known here" }]),
    ],
    open(config) {
      opened.push(config);
      return {
        lifecycle: {
          ...life,
          plan: (call, desired) => {
            planned.push(desired.inputs);
            return life.plan(call, desired);
          },
        },
        send: () => Promise.reject(new Error("nobody may send")),
        ask: async (call, args) => {
          call.tell({ kind: "warning", text: "asked" });
          return args["fails"] === undefined
            ? { values: args }
            : { failures: [{ property: "fails", reason: "not so" }] };
        },
      };
    },
    print: (line) => printed.push(line),
  });
  const configured = async (rawConfig: Record<string, string> = {}) => {
    const get = (key: string) => rawConfig[key];
    await host.configure({ config: { get, rawConfig } });
    return host;
  };
  return { host, printed, opened, planned, configured };
}
