import type { parse } from "@bufbuild/cel";
import { roots } from "./roots";

/** A CEL expression as it was parsed. */
export type Expression = ReturnType<typeof parse>["expr"];

const types =
  "bool bytes double duration dyn google int list map null_type string timestamp type uint".split(
    " ",
  );
const operators = ["_&&_", "_||_", "_?_:_", "_[_]", "@not_strictly_false"];

interface Scope {
  readonly variables: readonly string[];
  readonly hasFunction: (name: string) => boolean;
}

/** The first name that nothing stands behind, in words, or undefined: evaluating would find it only in the branch it takes. */
export function unknownName(
  expression: Expression,
  hasFunction: (name: string) => boolean,
): string | undefined {
  const variables = [...Object.keys(roots), ...types];
  return firstIn([expression], { variables, hasFunction });
}

function firstIn(
  expressions: readonly (Expression | undefined)[],
  scope: Scope,
): string | undefined {
  for (const expression of expressions) {
    const found = expression && unknownIn(expression, scope);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownIn(
  { exprKind: kind }: Expression,
  scope: Scope,
): string | undefined {
  switch (kind.case) {
    case "identExpr":
      return unknownVariable(kind.value.name, scope);
    case "selectExpr":
      return (
        firstIn([kind.value.operand], scope) ??
        unknownMember(kind.value.operand, kind.value.field)
      );
    case "callExpr":
      return unknownInCall(kind.value, scope);
    case "listExpr":
      return firstIn(kind.value.elements, scope);
    case "structExpr":
      return firstIn(kind.value.entries.flatMap(partsOfEntry), scope);
    case "comprehensionExpr":
      return unknownInLoop(kind.value, scope);
    case "constExpr":
    case undefined:
      return undefined;
  }
}

type Kind = Expression["exprKind"];
type Value<Case> = Extract<Kind, { readonly case: Case }>["value"];

function unknownInCall(
  { function: name, target, args }: Value<"callExpr">,
  scope: Scope,
): string | undefined {
  return unknownFunction(name, scope) ?? firstIn([target, ...args], scope);
}

function partsOfEntry({
  keyKind,
  value,
}: Value<"structExpr">["entries"][number]): readonly (
  Expression | undefined
)[] {
  return keyKind.case === "mapKey" ? [keyKind.value, value] : [value];
}

function unknownInLoop(
  loop: Value<"comprehensionExpr">,
  scope: Scope,
): string | undefined {
  const { iterVar, iterVar2, accuVar, iterRange, accuInit } = loop;
  const variables = [...scope.variables, iterVar, iterVar2, accuVar];
  const within = [loop.loopCondition, loop.loopStep, loop.result];
  return (
    firstIn([iterRange, accuInit], scope) ??
    firstIn(within, { ...scope, variables })
  );
}

function unknownVariable(name: string, { variables }: Scope) {
  const known = Object.keys(roots).join(", ");
  return variables.includes(name)
    ? undefined
    : `there is no \`${name}\`: an expression sees ${known}`;
}

function unknownFunction(name: string, { hasFunction }: Scope) {
  return operators.includes(name) || hasFunction(name)
    ? undefined
    : `there is no function \`${name}\` with such arguments`;
}

function unknownMember(operand: Expression | undefined, field: string) {
  if (operand?.exprKind.case !== "identExpr") return undefined;
  const { name } = operand.exprKind.value;
  const members = new Map(Object.entries(roots)).get(name);
  return !members || members.includes(field)
    ? undefined
    : `\`${name}\` has no \`${field}\`: it has ${members.join(", ")}`;
}
