import type { Destination } from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { blobsOf } from "../../../provider/oci/manifest";
import type { Opening } from "../../../provider/stores/registry/registry";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { mirrorUser, nodeOf, opened, referenceTo, type Opened } from "./opened";

type Settings = NonNullable<Parameters<typeof opened>[1]>;

export const reader: Opening = { side: "source", isWriter: false };
const writer: Opening = { side: "destination", isWriter: true };
export const sample = image({});
export const node = nodeOf(sample);
export const blobs = blobsOf(node.manifest);
export const loggedIn = { credentials: async () => mirrorUser };

/** `team/app:1` in a registry, opened for reading. */
export interface Reading extends Opened {
  readonly registry: TestRegistry;
  readonly store: Destination;
}

/** `team/app` in one registry, or in another repository of the same, to be copied to `mirror/app`. */
export interface Copy {
  readonly from: TestRegistry;
  readonly to: TestRegistry;
  readonly world: Opened;
  readonly source: Destination;
  readonly destination: Destination;
  readonly blob: Descriptor;
  /** copies one blob, the first if none is named; answers the bytes sent */
  readonly copyOne: (blob?: Descriptor) => Promise<number>;
  /** copies all blobs */
  readonly copy: () => Promise<number>;
}

export interface Shop {
  readonly start: (options?: RegistryOptions) => Promise<TestRegistry>;
  readonly reading: (options?: RegistryOptions) => Promise<Reading>;
  readonly copying: (
    options?: RegistryOptions,
    settings?: Settings,
  ) => Promise<Copy>;
  readonly mounting: (
    options?: RegistryOptions,
    settings?: Settings,
  ) => Promise<Copy>;
}

/** Registries and stores for one test file; every test's are closed behind it. */
export function useShop(): Shop {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close();
  });
  const start = async (
    options: RegistryOptions = {},
  ): Promise<TestRegistry> => {
    const registry = await startRegistry(options);
    running.push(registry);
    return registry;
  };
  const open = (
    registries: readonly TestRegistry[],
    settings: Settings,
  ): Opened => {
    const hosts = registries.map(({ host }) => host);
    const world = opened(hosts, settings);
    running.push(world.network);
    return world;
  };
  const filled = async (options: RegistryOptions): Promise<TestRegistry> => {
    const registry = await start(options);
    await put(inRegistry(registry, "team/app"), sample, "1");
    return registry;
  };
  return {
    start,
    reading: async (options = {}) => {
      const registry = await filled(options);
      const world = open([registry], options.auth ? loggedIn : {});
      const store = world.registries(
        referenceTo(`${registry.host}/team/app`),
        reader,
      );
      return { ...world, registry, store };
    },
    copying: async (options = {}, settings = loggedIn) => {
      const [from, to] = [await filled({}), await start(options)];
      return copyBetween(from, to, open([from, to], settings));
    },
    mounting: async (options = {}, settings = loggedIn) => {
      const registry = await filled(options);
      return copyBetween(registry, registry, open([registry], settings));
    },
  };
}

function copyBetween(
  from: TestRegistry,
  to: TestRegistry,
  world: Opened,
): Copy {
  const source = world.registries(referenceTo(`${from.host}/team/app`), reader);
  const destination = world.registries(
    referenceTo(`${to.host}/mirror/app`),
    writer,
  );
  const [blob] = blobs;
  if (!blob) throw new Error("the sample has no blob");
  const by = { reach: world.reach, onBytes: () => undefined };
  const copyOne = (one = blob): Promise<number> =>
    destination.copyFrom(source, one, by);
  const copy = async (): Promise<number> => {
    let bytes = 0;
    for (const one of blobs) bytes += await copyOne(one);
    return bytes;
  };
  return { from, to, world, source, destination, blob, copyOne, copy };
}
