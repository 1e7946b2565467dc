import type { Values } from "../../provider/mirror/lifecycle";
import { Memory } from "../../provider/resources/memory";
import { mirroredArtifact } from "../../provider/resources/mirroredArtifact";
import { openStores } from "../../provider/stores/catalog";
import type { RegistrySettings } from "../../provider/stores/registry/settings";
import {
  openNetwork,
  type NetworkOptions,
} from "../../provider/stores/registry/wire/send";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../registry/registry";
import { multiArch } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { inRegistry, put, type Sample } from "../samples/target";
import { keyOf, vendor } from "../unit/verifiers/judging";
import { Canaries } from "./canaries";
import type { Entry } from "./journal";
import { startProxy, type FaultProxy, type ProxyOptions } from "./proxy";
import { dice, VirtualClock } from "./virtualClock";

/** How a stage is set. */
export interface StageOptions {
  readonly from?: RegistryOptions;
  readonly to?: RegistryOptions;
  /** of the proxies before them */
  readonly fromProxy?: Partial<ProxyOptions>;
  readonly toProxy?: Partial<ProxyOptions>;
  /** the sizes of the layers of each platform (default one of 3000) */
  readonly layers?: readonly number[];
  readonly seed?: number;
  /** a registry that stands already, in place of our own at the destination */
  readonly upstream?: string;
  readonly network?: Partial<NetworkOptions>;
  /** in place of plain http to both proxies */
  readonly settings?: (
    from: StageSide,
    to: StageSide,
  ) => readonly RegistrySettings[];
  /** host names to ask the proxies by, in place of their addresses */
  readonly fromName?: string;
  readonly toName?: string;
  /** what the machine takes for the date */
  readonly date?: (truly: Date) => Date;
}

/** One side of a copy. */
export interface StageSide {
  readonly registry: TestRegistry;
  readonly proxy: FaultProxy;
  readonly secret: string;
}

/** Somebody else on the net: a CDN, a token server, an attacker. Keeps a journal, and knows a canary when it sees one. */
export interface Actor {
  readonly host: string;
  readonly origin: string;
  readonly journal: readonly Entry[];
  close(): Promise<void>;
}

/** How a run ended. */
export interface Outcome {
  readonly error: unknown;
  readonly state: Values | undefined;
  /** milliseconds of the virtual clock */
  readonly tookMs: number;
  /** uploads that were open at the destination when it began */
  readonly openBefore: readonly string[];
}

/** A two-platform signed index at A, a place for it at B, a proxy before each, and a clock that jumps. */
export interface Stage {
  readonly from: StageSide;
  readonly to: StageSide;
  readonly clock: VirtualClock;
  readonly canaries: Canaries;
  readonly artifact: Sample;
  readonly signature: Sample;
  /** who else is there: their journals count, and they close with the stage */
  readonly actors: Actor[];
  /** One `pulumi up` of a fresh process. */
  up(options?: {
    readonly signal?: AbortSignal;
    readonly inputs?: Values;
  }): Promise<Outcome>;
  close(): Promise<void>;
}

export const sourceName = "acme/app";
export const destinationName = "mirror/app";

/** Sets the stage; nothing is asked yet. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const clock = new VirtualClock(dice(options.seed ?? 1));
  const canaries = new Canaries();
  const from = await side("reader", options.from, {
    clock,
    canaries,
    proxy: options.fromProxy,
  });
  const to = await side("writer", options.to, {
    clock,
    canaries,
    proxy: {
      ...options.toProxy,
      ...(options.upstream ? { upstream: options.upstream } : {}),
    },
  });
  const artifact = multiArch({ layers: options.layers ?? [3000] });
  const place = inRegistry(from.registry, sourceName);
  await put(place, artifact, "1");
  const signature = await bundleReferrer(artifact.descriptor, vendor);
  await attachReferrer(place, signature);
  const actors: Actor[] = [];
  const running = [from.proxy, to.proxy, from.registry, to.registry];
  const stage = { from, to, clock, canaries, artifact, signature, actors };
  return {
    ...stage,
    up: (more = {}) => run(stage, { ...options, ...more }),
    close: async () => {
      for (const one of [...actors, ...running]) await one.close();
    },
  };
}

async function side(
  username: "reader" | "writer",
  registryOptions: RegistryOptions = { auth: "token" },
  at: {
    readonly clock: VirtualClock;
    readonly canaries: Canaries;
    readonly proxy: Partial<ProxyOptions> | undefined;
  },
): Promise<StageSide> {
  const { canaries, clock } = at;
  const secret = `canary-of-the-${username}`;
  const allows = [username === "reader" ? "*:*:pull" : "*:*:*"];
  const users = { [username]: { password: secret, allows } };
  const registry = await startRegistry({ users, ...registryOptions });
  const proxy = await startProxy({
    upstream: registry.origin,
    now: clock.monotonic,
    pause: clock.pause,
    onWork: clock.work,
    canaries,
    ...at.proxy,
  });
  canaries.plant(secret, proxy.origin);
  return { registry, proxy, secret };
}

type Setting = Pick<Stage, "from" | "to" | "clock">;

async function run(
  { from, to, clock }: Setting,
  options: StageOptions & {
    readonly signal?: AbortSignal;
    readonly inputs?: Values;
  },
): Promise<Outcome> {
  const names = namesOf(from, to, options);
  const registries =
    options.settings?.(from, to) ?? plain(Object.values(names));
  const network = openNetwork({
    registries,
    environment: {},
    now: clock.monotonic,
    ...options.network,
  });
  const secrets = new Map([
    [names.from, { username: "reader", secret: from.secret }],
    [names.to, { username: "writer", secret: to.secret }],
  ]);
  const stores = openStores({
    registries,
    clock,
    credentials: async (repository) => {
      const host = repository.slice(0, repository.indexOf("/"));
      const login = secrets.get(host);
      return (
        login && { kind: "basic", id: host, source: "the stage", ...login }
      );
    },
  });
  const lifecycle = mirroredArtifact.lifecycle({
    stores,
    policies: {},
    allowUnverified: false,
    trustRefresh: "never",
    allowedPlugins: [],
    memory: new Memory(),
  });
  const reach = {
    send: network.send,
    signal: options.signal ?? AbortSignal.timeout(30_000),
    now: () => options.date?.(clock.date()) ?? clock.date(),
  };
  const began = clock.monotonic();
  const openBefore = to.registry.openUploads();
  const ended = () => ({ tookMs: clock.monotonic() - began, openBefore });
  const inputs = {
    source: `${names.from}/${sourceName}:1`,
    destination: `${names.to}/${destinationName}:1`,
    policy: { signedBy: [keyOf(vendor)] },
    ...options.inputs,
  };
  try {
    const { state } = await lifecycle.apply(
      { reach, tell: () => undefined },
      { inputs, ignoreChanges: [] },
    );
    return { state, error: undefined, ...ended() };
  } catch (error) {
    return { state: undefined, error, ...ended() };
  } finally {
    await network.close();
  }
}

function namesOf(
  { proxy: from }: StageSide,
  { proxy: to }: StageSide,
  { fromName, toName }: StageOptions,
): { readonly from: string; readonly to: string } {
  const named = (host: string, name = "127.0.0.1") =>
    host.replace("127.0.0.1", name);
  return { from: named(from.host, fromName), to: named(to.host, toName) };
}

function plain(hosts: readonly string[]): readonly RegistrySettings[] {
  return hosts.map((host) => ({ host, plainHttp: true }));
}

/** Stages for one test file; every test's are closed behind it. */
export function useStages(): (options?: StageOptions) => Promise<Stage> {
  const stages: Stage[] = [];
  afterEach(async () => {
    for (const one of stages.splice(0)) await one.close();
  });
  return async (options) => {
    const stage = await setStage(options);
    stages.push(stage);
    return stage;
  };
}
