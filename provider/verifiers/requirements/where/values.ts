import type { CelInput } from "@bufbuild/cel";
import { isObject, type Json } from "../../../oci/json";

/** JSON as CEL sees it: whole numbers are `int`, others `double`, objects are maps without anything inherited. */
export function celValueOf(value: Json): CelInput {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]): [string, CelInput] => [key, celValueOf(member)],
    );
    return new Map(members);
  }
  return isList(value) ? value.map((item) => celValueOf(item)) : value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
