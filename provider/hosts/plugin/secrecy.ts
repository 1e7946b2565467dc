import type { Failure, Value, Values } from "../../mirror/lifecycle";
import type { ResourceKind } from "../../resources/kind";
import {
  hasSecret,
  type Marked,
  type MarkedValues,
  own,
  overlayValues,
  Secret,
  secretTexts,
  texts,
} from "../marked";
import type { Redact } from "../redact";

type Origins = Pick<ResourceKind, "madeFrom">;

/** Outputs for the wire: secret where one of the inputs they are made of is, and where they hold a secret's text. */
export function markOutputs(
  kind: Origins,
  inputs: MarkedValues,
  outputs: Values,
): MarkedValues {
  const known = secretTexts(inputs).filter((text) => text.length >= 4);
  const marked = Object.entries(outputs).map(([name, value]) => {
    const isSecret =
      isMadeFromSecret(kind, inputs, name) || holdsOneOf(known, value);
    return [name, isSecret ? hidden(value) : value] as const;
  });
  return Object.fromEntries(marked);
}

/** The user's inputs as they came, with what Check adds laid over them: envelopes stay at every depth. */
export function markInputs(
  kind: Origins,
  inputs: MarkedValues,
  changes: Values,
): MarkedValues {
  const laid = overlayValues(inputs, changes);
  const hiddenChanges = Object.entries(markOutputs(kind, inputs, changes))
    .filter(
      ([name, value]) => value instanceof Secret && !hasSecret(own(laid, name)),
    )
    .map(([name]) => [name, hidden(laid[name])] as const);
  return { ...laid, ...Object.fromEntries(hiddenChanges) };
}

function isMadeFromSecret(
  { madeFrom }: Origins,
  inputs: MarkedValues,
  output: string,
): boolean {
  const origins = [output, ...(own(madeFrom, output) ?? [])];
  return origins.some((name) => hasSecret(own(inputs, name)));
}

function holdsOneOf(secrets: readonly string[], value: Value): boolean {
  return texts(value).some((text) =>
    secrets.some((secret) => text.includes(secret)),
  );
}

function hidden(value: Marked): Marked {
  if (value === undefined || value instanceof Secret) return value;
  return new Secret(value);
}

/**
 * A failure as the engine may have it. It prints the value of a property that is named without a path, and `{<nil>}` for one with a path (engine.md 0.3):
 * a name that may hold a secret, and a path, go into the reason instead.
 */
export function discreet(
  failure: Failure,
  options: {
    readonly isSecret: (name: string) => boolean;
    readonly redact: Redact;
  },
): Failure {
  const property = options.redact(failure.property);
  const reason = options.redact(failure.reason);
  const isBare = !/[.[]/.test(failure.property);
  return isBare && !options.isSecret(failure.property)
    ? { property, reason }
    : { property: "", reason: `${property}: ${reason}` };
}
