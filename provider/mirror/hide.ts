const minLength = 4;

/** A text with `…` for each secret, also where one holds another. What is shorter than four characters stands in any text, and stays. */
export function hide(text: string, secrets: Iterable<string>): string {
  return [...secrets]
    .filter(({ length }) => length >= minLength)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
}
