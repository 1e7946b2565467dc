const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `30s`, `7d` in milliseconds. Throws a `RangeError` for a text of another form. */
export function durationMs(text: string): number {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? NaN);
  if (Number.isNaN(ms)) throw new RangeError(`${text} is no duration`);
  return ms;
}
