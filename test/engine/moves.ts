import { diffConfig, type Configured } from "./providers";
import type { Resource, State } from "./state";
import { isDefaultProvider, providerUrn } from "./urn";

/** Whether another provider is a reason to replace: it is not when both are default ones and the new one agrees. */
export async function mustMove(
  old: Resource,
  provider: Configured,
  state: State,
): Promise<boolean> {
  const [before, after] = [old.provider, provider.reference];
  if (before === undefined || before === after) return false;
  const [oldUrn, newUrn] = [providerUrn(before), providerUrn(after)];
  if (!isDefaultProvider(oldUrn) || !isDefaultProvider(newUrn)) return true;
  const olds = state.provider(oldUrn)?.inputs ?? {};
  const news = provider.inputs;
  const response = await diffConfig(provider.process, newUrn, { olds, news });
  return Array.isArray(response["replaces"]);
}
