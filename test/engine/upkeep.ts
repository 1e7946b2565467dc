import { differenceOf } from "./differences";
import type { Gate, Limit } from "./gate";
import type { Providers } from "./providers";
import type { Journal } from "./report";
import { ResourceCalls } from "./resourceCalls";
import type { Resource, State } from "./state";
import { stepError } from "./steps";

export interface UpkeepOptions {
  readonly state: State;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly work: Limit;
  readonly providers: Providers;
  readonly preview: boolean;
  readonly isTarget: (urn: string) => boolean;
}

/** Reads what is really there, and compares it with state: all Reads run, whatever some of them say. */
export async function refresh(
  options: UpkeepOptions,
  isWanted: (resource: Resource) => boolean,
): Promise<void> {
  const { state, journal, work, gate, preview } = options;
  const wanted = state.resources.filter(
    (one) =>
      one.provider !== undefined && options.isTarget(one.urn) && isWanted(one),
  );
  await Promise.all(
    wanted.map(async (resource) => {
      try {
        await work(() => gate.enter(() => refreshOne(options, resource)));
      } catch (error) {
        if (!gate.stopped)
          journal.fail(resource.urn, stepError(error, preview).message);
      }
    }),
  );
}

async function refreshOne(
  { state, journal, providers }: UpkeepOptions,
  resource: Resource,
): Promise<void> {
  const { urn, ignoreChanges, inputs } = resource;
  const provider = await providers.fromState(resource.provider ?? "");
  const calls = new ResourceCalls(provider, urn);
  const found = await calls.read(resource.id, resource);
  if (found === undefined) {
    journal.step("refresh", urn, { "": { kind: "delete" } });
    state.remove(resource);
    return;
  }
  if (found.initErrors !== undefined) {
    const reasons = found.initErrors.map((reason) => `* ${reason}`).join("\n");
    const message = `Refreshed resource is in an unhealthy state:\n${reasons}`;
    journal.say("warning", urn, message);
  }
  const now: Resource = {
    ...resource,
    id: found.id,
    outputs: found.outputs,
    inputs: found.inputs ?? inputs,
    refreshBeforeUpdate: found.refreshBeforeUpdate,
    initErrors: found.initErrors,
  };
  // inverted: what is there is old, what state wants is new
  const response = await calls.diff({
    id: now.id,
    olds: now.outputs,
    oldInputs: now.inputs,
    news: inputs,
    ignoreChanges,
  });
  journal.step(
    "refresh",
    urn,
    turned(differenceOf(response, now, inputs).diff),
  );
  state.put(now);
}

type Diff = Journal["steps"][number]["diff"];

function turned(diff: Diff): Diff {
  const entries = Object.entries(diff).map(([path, change]) => [
    path,
    { ...change, old: change.new, new: change.old },
  ]);
  return Object.fromEntries(entries);
}

/** Deletes resources, dependents first. An error stops the rest. */
export async function removeAll(
  options: UpkeepOptions,
  resources: readonly Resource[],
): Promise<void> {
  const going = new Set(resources.map((one) => one.urn));
  for (const resource of dependentsFirst(resources)) {
    if (options.gate.stopped) return;
    try {
      await options.gate.enter(() => removeOne(options, resource, going));
    } catch (error) {
      const { message } = stepError(error, options.preview);
      options.journal.fail(resource.urn, message);
      return;
    }
  }
}

function dependentsFirst(resources: readonly Resource[]): readonly Resource[] {
  const left = [...resources].reverse();
  const ordered: Resource[] = [];
  while (left.length > 0) {
    const free = left.findIndex((one) =>
      left.every(
        (other) => other === one || !other.dependencies.includes(one.urn),
      ),
    );
    ordered.push(...left.splice(Math.max(0, free), 1));
  }
  return ordered;
}

async function removeOne(
  options: UpkeepOptions,
  resource: Resource,
  going: ReadonlySet<string>,
): Promise<void> {
  const { journal, preview, providers, state } = options;
  const { urn } = resource;
  if (resource.protect === true && resource.delete !== true)
    throw new Error(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
    );
  journal.step(resource.delete === true ? "delete-replaced" : "delete", urn);
  if (preview) return;
  const spared =
    resource.retainOnDelete === true || going.has(resource.deletedWith ?? "");
  if (resource.provider !== undefined && !spared) {
    const provider = await providers.fromState(resource.provider);
    const calls = new ResourceCalls(provider, urn);
    const operation = { urn, operation: "deleting" } as const;
    const remove = (): Promise<void> => calls.remove(resource);
    await state.pendingWhile(operation, remove);
  }
  state.remove(resource);
}
