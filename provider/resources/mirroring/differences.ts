import { formatReference, parseReference } from "../../oci/reference";
import type { Change, Value } from "../../mirror/lifecycle";
import { propertyPath } from "../../verifiers/propertyPath";

/** An output that will be another. */
export const update = (path: string): Change => ({
  path,
  kind: "update",
  inputDiff: false,
});

/** Compares two references as what they name, however they are written. */
export function referenceDifference(
  path: string,
  { old, now, kind }: { old: Value; now: Value; kind: Change["kind"] },
): Change[] {
  if (old === now) return [];
  const same =
    typeof old === "string" &&
    typeof now === "string" &&
    canonical(old) === canonical(now);
  return same ? [] : [{ path, kind, inputDiff: false }];
}

const canonical = (text: string) => formatReference(parseReference(text));

/** Compares two input values and names each place where they differ. */
export function differences(
  steps: readonly PropertyKey[],
  old: Value,
  now: Value,
): Change[] {
  const path = propertyPath(steps);
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [{ path, kind: "add", inputDiff: true }];
  if (now === undefined) return [{ path, kind: "delete", inputDiff: true }];
  if (
    typeof old !== "object" ||
    typeof now !== "object" ||
    Array.isArray(old) !== Array.isArray(now)
  ) {
    return old === now ? [] : [{ path, kind: "update", inputDiff: true }];
  }
  const [before, after] = [Object.entries(old), Object.entries(now)].map(
    (entries) => new Map<string, Value>(entries),
  );
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.flatMap((name) =>
    differences(
      [...steps, Array.isArray(now) ? Number(name) : name],
      before?.get(name),
      after?.get(name),
    ),
  );
}
