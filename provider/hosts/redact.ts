/** Takes every secret out of a text. */
export type Redact = (text: string) => string;

const shortest = 4;
const shortestEncoded = 6;
const shortestLine = 8;

/** Replaces the secrets by `[secret]`: as they are, escaped for URLs and JSON, in base64 at any offset, and line by line. Texts under four characters stay. */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = [...new Set([...secrets].flatMap(formsOf))];
  const longestFirst = forms.sort((one, other) => other.length - one.length);
  return (text) =>
    longestFirst.reduce(
      (rest, form) => rest.replaceAll(form, "[secret]"),
      text,
    );
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < shortest) return [];
  const escaped = encodeURIComponent(
    secret.replaceAll(/\p{Surrogate}/gu, "\ufffd"),
  );
  const json = JSON.stringify(secret).slice(1, -1);
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
  const lower = escaped.replaceAll(/%[0-9A-F]{2}/g, (code) =>
    code.toLowerCase(),
  );
  return [secret, escaped, lower, json, ...lines, ...base64Forms(secret)];
}

/** A secret inside a longer text (`user:password`) begins at any of three bit offsets. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2]
    .map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString(
        "base64",
      );
      const first = Math.ceil((before * 8) / 6);
      return encoded.slice(
        first,
        Math.floor(((before + bytes.length) * 8) / 6),
      );
    })
    .filter((form) => form.length >= shortestEncoded)
    .flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}
