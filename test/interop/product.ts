import type { Message, Values } from "../../provider/mirror/lifecycle";
import type { ProviderConfig } from "../../provider/hosts/config";
import { openOutside } from "../../provider/hosts/world";
import { mirroredArtifact } from "../../provider/resources/mirroredArtifact";

/** How our product is asked to mirror. */
export interface Mirroring {
  /** registries to be spoken to over plain HTTP */
  readonly hosts: readonly string[];
  /** what a user would declare */
  readonly inputs: Values;
  /** the rest of the provider's configuration */
  readonly config?: ProviderConfig;
}

/** Checks, plans and applies one MirroredArtifact, as `pulumi up` would. Answers its state; throws what the user would be told. */
export async function mirror({
  hosts,
  inputs,
  config,
}: Mirroring): Promise<Values> {
  const registries = hosts.map((host) => ({ host, plainHttp: true }));
  const outside = openOutside({ registries, ...config }, {});
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
  try {
    const checked = await lifecycle.check(call, { news: inputs });
    if (checked.failures.length > 0) {
      throw new Error(
        checked.failures
          .map((one) => `${one.property}: ${one.reason}`)
          .join("; "),
      );
    }
    const desired = {
      inputs: { ...inputs, ...checked.inputs },
      ignoreChanges: [],
    };
    await lifecycle.plan(call, desired);
    return (await lifecycle.apply(call, desired)).state;
  } finally {
    await outside.close();
  }
}
