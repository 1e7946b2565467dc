import { askedFor, layerOf } from "./asked";
import { broken, endOf, storyOf } from "./invariants";
import type { Entry } from "./journal";
import type { Stage } from "./stage";

/** The PUTs of the first platform's layer. */
export function commits(stage: Stage): readonly Entry[] {
  return askedFor(stage.to.proxy.journal, layerOf(stage).digest, "PUT");
}

/** A refusal with a body as the spec wants it. */
export function says(code: string): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  return {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code, message: "not now" }] }),
  };
}

/** Runs, and wants the copy to be whole with every promise kept. */
export async function copied(stage: Stage): Promise<void> {
  const outcome = await stage.up();
  if (endOf(outcome) !== "copied") throw new Error(storyOf(stage, outcome));
  expect(broken(stage, outcome)).toEqual([]);
}
