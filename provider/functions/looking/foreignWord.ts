/** A stranger's word in a line of ours: one that is more than plain signs is quoted, so that it cannot look like a column of its own. */
export function foreignWord(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : `"${foreignWords(text)}"`;
}

/** Several of them, as names are: one space at most between two, and nothing that only looks like one. */
export function foreignWords(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(blank, escaped);
}

/** Signs that print nothing, though some of them are letters. */
const blank =
  /[^ \p{L}\p{M}\p{N}\p{P}\p{S}]|[\u115f\u1160\u2800\u3164\uffa0]/gu;

const escaped = (sign: string): string =>
  `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
