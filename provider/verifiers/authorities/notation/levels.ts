/** What notation checks of a signature, besides its integrity, which it always enforces. */
export const checks = [
  "authenticity",
  "authenticTimestamp",
  "expiry",
  "revocation",
] as const;

/** One of `checks`. */
export type Check = (typeof checks)[number];

/** What a failed check means. */
export type Action = "enforce" | "log" | "skip";

/** What each check means under a statement. */
export type Enforcement = Readonly<Record<Check, Action>>;

const all = (action: Action): Enforcement => ({
  authenticity: action,
  authenticTimestamp: action,
  expiry: action,
  revocation: action,
});

/** The levels of verification.md §3.1. */
const levels = {
  strict: all("enforce"),
  permissive: { ...all("log"), authenticity: "enforce" },
  audit: all("log"),
  skip: all("skip"),
} as const;

/** A level's name in a trust policy. */
export type Level = keyof typeof levels;

const actions: readonly string[] = ["enforce", "log", "skip"];

/** Whether a text names a level. */
export function isLevel(text: string): text is Level {
  return Object.hasOwn(levels, text);
}

/** The level with its overrides, by notation-go's rules. Throws an `Error` that begins behind the name of the member. */
export function enforcementOf(
  level: Level,
  overrides: Readonly<Record<string, string>>,
): Enforcement {
  const entries = Object.entries(overrides);
  if (level === "skip" && entries.length > 0) {
    throw new Error("cannot override level skip");
  }
  let enforcement: Enforcement = levels[level];
  for (const [name, action] of entries) {
    if (name === "integrity") throw new Error("cannot override integrity");
    const check = checks.find((known) => known === name);
    if (!check) {
      const known = checks.join(", ");
      throw new Error(
        `names ${JSON.stringify(name)}, which is none of ${known}`,
      );
    }
    enforcement = { ...enforcement, [check]: actionOf(check, action) };
  }
  return enforcement;
}

function actionOf(check: Check, text: string): Action {
  if (!isAction(text)) {
    throw new Error(
      `gives ${check} ${JSON.stringify(text)}, which is none of ${actions.join(", ")}`,
    );
  }
  if (text === "skip" && check !== "revocation") {
    throw new Error(`skips ${check}; only revocation may be skipped`);
  }
  return text;
}

function isAction(text: string): text is Action {
  return actions.includes(text);
}
