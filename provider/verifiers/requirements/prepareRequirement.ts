import type { Requirement } from "../../mirror/ports";
import { prepareAuthority } from "../authorities/catalog";
import type { PolicyContext } from "../context";
import { propertyPath } from "../propertyPath";
import type { Asked } from "./kind";

/** A requirement with the trust of its authorities loaded. `within` is put before its authorities' names: `plugins[0].policy.`. */
export async function prepareRequirement(
  asked: Asked,
  context: PolicyContext,
  within = "",
): Promise<Requirement> {
  const authorities = asked.by.map(({ path, input }) =>
    prepareAuthority(input, {
      ...context,
      name: within + propertyPath(path),
    }),
  );
  return asked.make(await Promise.all(authorities), context);
}
