import {
  CheckFailure,
  DiffResponse,
  PropertyDiff,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Change, Failure } from "../../mirror/lifecycle";
import { propertySteps } from "../../verifiers/propertyPath";
import type { Redact } from "../redact";
import { discreet } from "./secrecy";

/** A failure at a property, told so that the engine prints no secret. */
export function toCheckFailure(
  failure: Failure,
  options: {
    readonly isSecret: (name: string) => boolean;
    readonly redact: Redact;
  },
): CheckFailure {
  const { property, reason } = discreet(failure, options);
  return new CheckFailure().setProperty(property).setReason(reason);
}

const kinds = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
} satisfies Record<Change["kind"], PropertyDiff.Kind>;

/** A detailed diff. Every path's top-level name stands in `diffs`, as the engine asks. */
export function toDiffResponse(changes: readonly Change[]): DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  const response = new DiffResponse()
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(false)
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(topNames(changes))
    .setReplacesList(
      topNames(changes.filter(({ kind }) => kind.endsWith("-replace"))),
    );
  const detailed = response.getDetaileddiffMap();
  for (const { path, kind, inputDiff } of changes) {
    const diff = new PropertyDiff().setKind(kinds[kind]);
    detailed.set(path, diff.setInputdiff(inputDiff));
  }
  return response;
}

function topNames(changes: readonly Change[]): string[] {
  return [
    ...new Set(changes.map(({ path }) => propertySteps(path)[0] ?? path)),
  ];
}

/** The changes that `ignoreChanges` leaves: a path is ignored with everything below it, `*` stands for any one part. */
export function heeded(
  changes: readonly Change[],
  ignoreChanges: readonly string[],
): readonly Change[] {
  const ignored = ignoreChanges.map(propertySteps);
  return changes.filter(({ path }) => {
    const parts = propertySteps(path);
    return !ignored.some((prefix) => isBelow(parts, prefix));
  });
}

function isBelow(parts: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((part, index) => part === "*" || part === parts[index]);
}
