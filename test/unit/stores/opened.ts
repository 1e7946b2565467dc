import type {
  Credential,
  FindCredential,
} from "../../../provider/mirror/credential";
import type { Node, Reach } from "../../../provider/mirror/ports";
import {
  parseDescriptor,
  type Descriptor,
} from "../../../provider/oci/descriptor";
import { parseManifest } from "../../../provider/oci/manifest";
import {
  parseReference,
  type RegistryReference,
} from "../../../provider/oci/reference";
import type { Clock } from "../../../provider/stores/registry/pace/clock";
import {
  openRegistries,
  type Registries,
} from "../../../provider/stores/registry/registry";
import {
  openNetwork,
  type Network,
} from "../../../provider/stores/registry/wire/send";
import type { RegistrySettings } from "../../../provider/stores/registry/settings";
import type { Sample, SampleDescriptor } from "../../samples/target";

/** A clock that jumps over every wait and keeps what was waited for. */
export interface FakeClock extends Clock {
  readonly waits: readonly number[];
  advance(ms: number): void;
}

export function fakeClock(): FakeClock {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    monotonic: () => now,
    random: () => 1,
    advance: (ms) => {
      now += ms;
    },
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export const mirrorUser: Extract<Credential, { readonly kind: "basic" }> = {
  kind: "basic",
  id: "c1",
  source: "the test",
  username: "mirror",
  secret: "secret",
};

export interface Opened {
  readonly network: Network;
  readonly registries: Registries;
  readonly clock: FakeClock;
  readonly reach: Reach;
}

/** The registry shelf over real sockets, with plain HTTP to the given hosts and a clock that never waits. */
export function opened(
  hosts: readonly string[],
  options: {
    readonly credentials?: FindCredential;
    readonly settings?: readonly RegistrySettings[];
    readonly signal?: AbortSignal;
  } = {},
): Opened {
  const settings = [
    ...hosts.map((host) => ({ host, plainHttp: true })),
    ...(options.settings ?? []),
  ];
  const network = openNetwork({ registries: settings, environment: {} });
  const clock = fakeClock();
  const registries = openRegistries({
    registries: settings,
    credentials: options.credentials ?? (async () => undefined),
    clock,
  });
  return {
    network,
    registries,
    clock,
    reach: reachOf(network, options.signal),
  };
}

function reachOf(
  network: Pick<Network, "send">,
  signal = new AbortController().signal,
): Reach {
  return {
    send: network.send,
    signal,
    now: () => new Date("2026-01-01T00:00:00Z"),
  };
}

export function referenceTo(text: string): RegistryReference {
  const reference = parseReference(text);
  if (reference.kind !== "registry") throw new Error(`${text} is no registry`);
  return reference;
}

export function descriptorOf(described: SampleDescriptor): Descriptor {
  return parseDescriptor(JSON.parse(JSON.stringify(described)), "sample");
}

export function nodeOf(sample: Sample): Node {
  const descriptor = descriptorOf(sample.descriptor);
  return {
    descriptor,
    bytes: sample.bytes,
    manifest: parseManifest(sample.bytes, descriptor.mediaType),
  };
}
