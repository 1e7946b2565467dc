import { Memory } from "../../../provider/resources/memory";
import { z } from "zod";
import type { Provider } from "../../../provider/hosts/plugin/session";
import { openNames } from "../../../provider/hosts/plugin/openNames";
import { checkShape } from "../../../provider/verifiers/checkShape";
import { packageSchema } from "../../../provider/hosts/plugin/schema";
import type { Lifecycle, Values } from "../../../provider/mirror/lifecycle";
import type { FunctionKind } from "../../../provider/functions/kind";
import type { ResourceKind } from "../../../provider/resources/kind";
import type { World } from "../../../provider/resources/world";

export const token = "artifact-mirror:index:Thing";
export const urn = (name: string) => `urn:pulumi:t::mirror::${token}::${name}`;

const config = z.strictObject({
  registries: z.array(z.string()).optional().describe("Hosts."),
  credentials: z
    .array(
      z
        .strictObject({
          registry: z.string().describe("Where."),
          username: z.string().optional().describe("Who."),
          password: z
            .string()
            .optional()
            .meta({ secret: true })
            .describe("What."),
          passwordEnv: z.string().optional().describe("Where it stands."),
        })
        .meta({ id: "Credential", description: "One." }),
    )
    .optional()
    .describe("Credentials."),
  allowUnverified: z.boolean().optional().describe("Whether."),
  refreshBeforeUpdate: z.boolean().optional().describe("Whether."),
});

const shape = z.object({
  source: z.string().describe("Whence."),
  destination: z.string().describe("Whither."),
  digest: z.string().optional().describe("Which."),
});

export interface FakeProvider {
  readonly provider: Provider;
  /** what the lifecycle was asked, in order */
  readonly asked: (readonly [verb: string, values: unknown])[];
  readonly configured: Values[];
}

const isSame = (one: unknown, other: unknown) =>
  JSON.stringify(one) === JSON.stringify(other);

/** A function that answers what it was asked, and what it was asked to fail with. */
const echo: FunctionKind = {
  token: "artifact-mirror:index:echo",
  description: "Echoes.",
  inputs: z.strictObject({ said: z.string().optional().describe("Said.") }),
  outputs: z.object({ said: z.string().optional().describe("Said.") }),
  async ask(_, { tell }, { said, fails, at = "said", throws }) {
    if (typeof throws === "string") throw new Error(throws);
    if (typeof fails === "string")
      return { failures: [{ property: String(at), reason: fails }] };
    tell({ kind: "warning", text: `heard ${String(said)}` });
    return { values: { said, heard: undefined } };
  },
};

/** A provider with one kind, whose lifecycle does what the test says. */
export function fakeProvider(lifecycle: Partial<Lifecycle> = {}): FakeProvider {
  const asked: [string, unknown][] = [];
  const configured: Values[] = [];
  const kind: ResourceKind = {
    token,
    description: "A thing.",
    inputs: shape,
    outputs: shape,
    replaceOnChanges: ["destination"],
    madeFrom: { digest: ["source"], ref: ["destination"] },
    lifecycle: () => recorded({ ...quiet, ...lifecycle }, asked),
  };
  const resources = [kind];
  const functions = [echo];
  const provider: Provider = {
    resources,
    functions,
    openConfig: openNames(config),
    openInputs: ({ inputs }) => openNames(inputs),
    check: (values) => checkShape(config, values),
    pin: async ({ registries }) => ({
      changes: isSame(registries, ["loose"]) ? { registries: ["pinned"] } : {},
      failures: [],
    }),
    schema: packageSchema({
      version: "0.0.0",
      resources,
      functions,
      providerConfig: config,
    }),
    open(values) {
      configured.push(values);
      return {
        world: nowhere,
        send: () => Promise.reject(new Error("nobody may send")),
        refreshBeforeUpdate: values["refreshBeforeUpdate"] !== false,
      };
    },
  };
  return { provider, asked, configured };
}

const nowhere: World = {
  stores: {
    open: () => {
      throw new Error("nothing may be opened");
    },
    openForWriting: () => {
      throw new Error("nothing may be opened");
    },
    repositories: () => Promise.reject(new Error("nobody lists")),
  },
  policies: {},
  allowUnverified: true,
  trustRefresh: "never" as const,
  allowedPlugins: [],
  memory: new Memory(),
};

const quiet: Lifecycle = {
  check: async () => ({ inputs: {}, failures: [] }),
  plan: async (_, { inputs }) => inputs,
  pending: () => [],
  apply: async (_, { inputs }) => ({ id: "the-id", state: inputs }),
  observe: async (_, { id, inputs, state }) => ({
    id,
    inputs: inputs ?? {},
    state: state ?? {},
  }),
  remove: async () => undefined,
};

function recorded(lifecycle: Lifecycle, asked: [string, unknown][]): Lifecycle {
  const note = <Asked>(verb: string, values: Asked): Asked => {
    asked.push([verb, values]);
    return values;
  };
  return {
    check: (call, values) => lifecycle.check(call, note("check", values)),
    plan: (call, desired) => lifecycle.plan(call, note("plan", desired)),
    pending: (desired) => lifecycle.pending(note("pending", desired)),
    apply: (call, desired) => lifecycle.apply(call, note("apply", desired)),
    observe: (call, seen) => lifecycle.observe(call, note("observe", seen)),
    remove: (call, gone) => lifecycle.remove(call, note("remove", gone)),
  };
}
