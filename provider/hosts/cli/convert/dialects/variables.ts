import type { Given } from "../reading/given";
import { LeftOut } from "../reading/log";

type Environment = Readonly<Record<string, string | undefined>>;

/** A text of regsync with its `{{env "NAME"}}` filled in. Any other template means something that only regsync knows. */
export function fillRegsync(
  given: Given | undefined,
  environment: Environment,
): string | undefined {
  if (given === undefined) return undefined;
  const text = given.text();
  return filled(given, {
    text: text.replaceAll(
      /\{\{\s*env\s+(?:"(\w+)"|`(\w+)`)\s*\}\}/g,
      (_, quoted: string | undefined, ticked: string | undefined) =>
        valueOf(quoted ?? ticked ?? "", environment),
    ),
    unfilled: /\{\{.*\}\}/,
    before: text,
  });
}

/** Every text of flux-mirror with its `${NAME}` filled in. */
export function fillFlux(environment: Environment) {
  return (given: Given, text: string): string =>
    filled(given, {
      text: text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) =>
        valueOf(name, environment),
      ),
      unfilled: /\$\{[^}]*\}/,
      before: text,
    });
}

function filled(
  given: Given,
  words: {
    readonly text: string;
    readonly unfilled: RegExp;
    readonly before: string;
  },
): string {
  const { text, unfilled, before } = words;
  const rest = unfilled.exec(text)?.[0];
  if (rest !== undefined)
    throw new LeftOut(
      `${given.path} holds ${rest}, which cannot be filled in here: write what it stands for`,
    );
  if (text !== before)
    given.leave(`was filled in with what the environment says now: ${text}`);
  return text;
}

function valueOf(name: string, environment: Environment): string {
  const value = environment[name];
  if (value === undefined || value === "")
    throw new LeftOut(
      `the environment variable ${name} is not set: set it, and convert again`,
    );
  return value;
}
