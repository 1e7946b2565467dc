import { setImmediate } from "node:timers/promises";
import type {
  Authenticated,
  Authority,
  Inside,
  Looked,
  Reach,
  Rejection,
} from "../../mirror/ports";
import { authenticateInside } from "../authorities/authenticateInside";
import { isLarge } from "../formats/envelopeJson";
import { readBareStatement } from "../formats/statement";
import { leftOut, type Sight } from "./look";

interface Wanted {
  readonly authorities: readonly Authority[];
  readonly what: string;
  readonly isType: (predicateType: string) => boolean;
}

/** What the authorities say about statements inside the artifact, and why some were left out: by their type, or signed by nobody at all. */
export async function lookInside(
  { authorities, isType }: Wanted,
  inside: readonly Inside[],
  reach: Reach,
): Promise<Sight & { readonly looked: readonly Looked[] }> {
  const authenticated: Authenticated[] = [];
  const rejected: Rejection[] = [];
  const looked: Looked[] = [];
  for (const one of inside) {
    await setImmediate();
    const type = typeOf(one);
    if (type !== undefined && !isType(type)) {
      looked.push(otherType(one, type));
      continue;
    }
    const answers = await authenticateInside(one, authorities, reach);
    for (const answer of answers) {
      if (answer.outcome === "authenticated") authenticated.push(answer);
      else rejected.push(answer);
    }
    if (answers.length === 0) looked.push(unsigned(one));
  }
  return { authenticated, rejected, looked };
}

/** What the statement says it is; undefined where it cannot be read, or is too large to be read for anybody, which authenticating it will say. */
function typeOf({ statement }: Inside): string | undefined {
  if (isLarge(statement.bytes)) return undefined;
  try {
    return readBareStatement(statement.bytes).predicateType;
  } catch {
    return undefined;
  }
}

function otherType({ statement }: Inside, type: string): Looked {
  return leftOut(statement, {
    code: "OTHER_PREDICATE",
    reason: `a statement of another type (${type}) inside the artifact`,
  });
}

function unsigned({ statement }: Inside): Looked {
  return leftOut(statement, {
    code: "UNSIGNED",
    reason:
      "a statement inside the artifact; nobody in `by` has signed what contains it",
  });
}
