import { durationMs } from "../../../provider/mirror/duration";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["9999999d", 863_999_913_600_000],
])("%s is %d milliseconds", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "7", "d", "7w", "-7d", "1.5h", " 7d"])(
  "%j is no duration, rather than none at all",
  (text) => {
    expect(() => durationMs(text)).toThrow(RangeError);
  },
);
