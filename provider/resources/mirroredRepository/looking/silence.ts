import { repositoryOf, type Reference } from "../../../oci/reference";
import { MirrorError } from "../../../mirror/errors";
import type { Call } from "../../../mirror/lifecycle";
import { textOf } from "../../../mirror/textOf";
import { hostOf } from "../../mirroring/hostOf";
import type { World } from "../../world";

/** Notes that a source did not answer, and warns of it once: a vendor's bad day is told once a host, what is wrong with one repository once for each. */
export function noteSilence(
  { memory }: Pick<World, "memory">,
  call: Call,
  { source, error }: { readonly source: Reference; readonly error: unknown },
): void {
  call.reach.signal.throwIfAborted();
  const key = isOfPlace(error) ? repositoryOf(source) : hostOf(source);
  const why = textOf(error);
  memory.silent.set(key, why);
  if (!memory.isFirstWarning(key)) return;
  call.tell({
    kind: "warning",
    text: `nothing new could be learned from source ${key}; what is mirrored from it stays as it is: ${why}`,
  });
}

/** Why a source did not answer, where it did not. */
export function silenceOf(
  { memory }: Pick<World, "memory">,
  source: Reference,
): string | undefined {
  return (
    memory.silent.get(hostOf(source)) ?? memory.silent.get(repositoryOf(source))
  );
}

/** What says nothing about other repositories of the same host. */
function isOfPlace(error: unknown): boolean {
  const ofPlace = ["absent", "denied", "unsupported"];
  return error instanceof MirrorError && ofPlace.includes(error.fault);
}
