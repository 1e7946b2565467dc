import type { Configured } from "./providers";
import type { Registration } from "./registration";
import type { Made, ResourceCalls } from "./resourceCalls";
import type { Resource } from "./state";
import { annotateTop, secret, type Properties } from "./values";

/** One resource on its way through a run. */
export interface Subject {
  readonly wanted: Registration;
  readonly provider: Configured;
  readonly calls: ResourceCalls;
}

/** What a provider made, and of which inputs. */
export interface Result {
  readonly made: Made;
  readonly inputs: Properties;
}

/** What state keeps of a resource that was made. */
export function resourceOf(
  { wanted, provider }: Subject,
  { made, inputs }: Result,
): Resource {
  const marked = wanted.additionalSecretOutputs.flatMap((name) => {
    const value = made.outputs[name];
    return value === undefined ? [] : [[name, secret(value)] as const];
  });
  const outputs = { ...made.outputs, ...Object.fromEntries(marked) };
  const { initErrors = [] } = made;
  return {
    urn: wanted.urn,
    id: made.id,
    custom: true,
    inputs,
    outputs: annotateTop(outputs, inputs),
    provider: provider.reference,
    dependencies: wanted.dependencies,
    ignoreChanges: wanted.ignoreChanges,
    protect: wanted.protect,
    retainOnDelete: wanted.retainOnDelete,
    deletedWith: wanted.deletedWith,
    importId: wanted.importId,
    refreshBeforeUpdate: made.refreshBeforeUpdate,
    initErrors: initErrors.length > 0 ? initErrors : undefined,
    deleteTimeoutSeconds: wanted.timeouts.deleteSeconds,
  };
}
