import {
  createTeller,
  type Engine,
  type LogLine,
} from "../../../provider/hosts/plugin/engineLog";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function listening(): { readonly engine: Engine; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const engine = {
    log: async (line: LogLine) => void lines.push(line),
    close: () => undefined,
  };
  return { engine, lines };
}

const redact = (text: string) => text.replaceAll("hunter2", "[secret]");
const progress = (text: string) => ({ kind: "progress", text }) as const;

test("a call of less than a second shows no progress", async () => {
  const { engine, lines } = listening();
  const teller = createTeller({ engine, urn: "u", redact });
  teller.tell(progress("1 of 2"));
  jest.advanceTimersByTime(999);
  teller.tell(progress("2 of 2"));
  await teller.end();
  jest.advanceTimersByTime(5000);
  expect(lines).toEqual([]);
});

test("after a second the row shows the last word, at most four times a second", () => {
  const { engine, lines } = listening();
  const teller = createTeller({ engine, urn: "u", redact });
  for (let ms = 0; ms < 3000; ms += 10) {
    teller.tell(progress(`${ms} ms`));
    jest.advanceTimersByTime(10);
  }
  expect(lines[0]).toEqual({
    severity: "info",
    text: "990 ms",
    urn: "u",
    ephemeral: true,
  });
  expect(lines.length).toBeGreaterThanOrEqual(8);
  expect(lines.length).toBeLessThanOrEqual(9);
});

test("what takes an hour fills no log: the longer it takes, the more seldom it is told, but every five seconds", () => {
  const { engine, lines } = listening();
  const teller = createTeller({ engine, urn: "u", redact });
  const linesOf = (seconds: number): number => {
    const before = lines.length;
    for (let ms = 0; ms < seconds * 1000; ms += 50) {
      teller.tell(progress("some more"));
      jest.advanceTimersByTime(50);
    }
    return lines.length - before;
  };
  expect(linesOf(10)).toBeGreaterThan(25);
  expect(linesOf(60)).toBeLessThan(50);
  linesOf(60);
  expect(linesOf(3600)).toBeLessThanOrEqual(720);
  expect(linesOf(60)).toBeGreaterThanOrEqual(11);
});

test("the last word before a silence is shown", () => {
  const { engine, lines } = listening();
  const teller = createTeller({ engine, urn: "u", redact });
  jest.advanceTimersByTime(2000);
  teller.tell(progress("first"));
  teller.tell(progress("last"));
  jest.advanceTimersByTime(250);
  teller.tell(progress("later"));
  jest.advanceTimersByTime(250);
  expect(lines.map(({ text }) => text)).toEqual(["last", "later"]);
});

test("infos and warnings go at once, are kept, and hold no secret", () => {
  const { engine, lines } = listening();
  const teller = createTeller({ engine, urn: "u", redact });
  teller.tell({ kind: "info", text: "saw hunter2" });
  teller.tell({ kind: "warning", text: "beware" });
  expect(lines).toEqual([
    { severity: "info", text: "saw [secret]", urn: "u", ephemeral: false },
    { severity: "warning", text: "beware", urn: "u", ephemeral: false },
  ]);
});

test("without an engine nothing is said, and nothing breaks", async () => {
  const teller = createTeller({ engine: undefined, urn: "u", redact });
  teller.tell({ kind: "warning", text: "beware" });
  await teller.end();
});
