import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleExecutable } from "./bundle";
import { Engine } from "./engine";
import { limit } from "./gate";
import { normalised, recordedCalls, recordedText } from "./recording";
import type { Report } from "./report";
import { scenarios, stateBefore, type Scenario } from "./scenarios";
import { isDefaultProvider, isProviderType, typeOf } from "./urn";
import { toProperties, type Properties } from "./values";

interface Sent {
  readonly instance: number;
  readonly method: string;
  readonly request: Properties;
}

let folder = "";
let plugin = "";

const reports = new Map<string, Report>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fidelity-"));
  const entry = join(__dirname, "replayPlugin.ts");
  plugin = bundleExecutable(entry, folder, "pulumi-resource-artifact-mirror");
  const few = limit(2);
  const run = async (one: Scenario): Promise<unknown> =>
    reports.set(one.name, await replay(one));
  await Promise.all(scenarios.map((one) => few(() => run(one))));
}, 900_000);

afterAll(() => rmSync(folder, { recursive: true }));

async function replay({ name, env, run }: Scenario): Promise<Report> {
  const engine = new Engine({
    projectDir: join(__dirname, "vectors", "programs"),
    main: "index.js",
    project: "mirror",
    stack: "t",
    plugins: { "artifact-mirror": plugin },
    state: stateBefore(name),
    env: {
      ...process.env,
      ...env,
      REPLAY_SCENARIO: name,
      NODE_COMPILE_CACHE: join(folder, "cache"),
    },
    onCall: ({ method }) => {
      if (name === "cancel-up" && method === "Create")
        setTimeout(() => void engine.cancel(), 0);
    },
  });
  return run(engine);
}

const resources = (calls: readonly Sent[]): ReadonlySet<string> =>
  new Set(
    calls
      .map(({ request }) => String(request["urn"] ?? ""))
      .filter((urn) => urn !== "" && !isProviderType(typeOf(urn))),
  );

/**
 * What was sent, as text. With one resource the order of everything counts; with more, each resource's own order, and
 * which process served it, because the program asks in no certain order. Cancel comes at the end, to every process.
 */
function sequences(calls: readonly Sent[]): Record<string, readonly string[]> {
  const single = resources(calls).size <= 1;
  const sequence: Record<string, string[]> = {};
  for (const { instance, method, request } of calls) {
    const apart = { Cancel: "cancelled", Invoke: "invokes" }[method];
    const key = apart ?? (single ? "all" : String(request["urn"] ?? ""));
    const text = `${instance} ${method} ${normalised(request)}`;
    const list = (sequence[key] ??= []);
    if (key !== "cancelled" || !list.includes(text)) list.push(text);
  }
  sequence["cancelled"]?.sort();
  return sequence;
}

/** Of two runs that were stopped, the longer one's sequences cut down to where the other came. */
function asFarAs(
  sent: Record<string, readonly string[]>,
  wanted: Record<string, readonly string[]>,
): Record<string, readonly string[]> {
  const cut = Object.entries(sent).map(([key, sequence]) => {
    const whole = wanted[key] ?? [];
    const begun = sequence.slice(whole.length);
    return [key, [...whole.slice(0, sequence.length), ...begun]] as const;
  });
  return Object.fromEntries(cut);
}

function recordedAnswers(name: string): Record<string, string> {
  const answers = recordedCalls(name)
    .filter(({ method, response }) => method === "RegisterResource" && response)
    .filter(({ response }) => response?.["result"] !== "FAIL")
    .map(({ response }) => {
      const { urn, id, object } = toProperties(response);
      const known = { id: id ?? "", outputs: object ?? {} };
      return [String(urn), normalised(known)];
    });
  return Object.fromEntries(answers);
}

function answers({ answers: given }: Report): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([urn, { id, outputs }]) => [
      urn,
      normalised({ id, outputs }),
    ]),
  );
}

/** The lines under "Resources:" but for the count of errors, which includes the stack's own in the CLI. */
function counts(text: string): readonly string[] {
  const block = /\nResources:\n((?: +.*\n)+)/g;
  return [...text.matchAll(block)]
    .map(([, lines]) => lines ?? "")
    .join("")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/errored$|changes$/.test(line));
}

describe.each(scenarios)("$name", (scenario) => {
  const recorded = recordedCalls(scenario.name);

  const reported = (): Report => {
    const report = reports.get(scenario.name);
    if (report === undefined) throw new Error("the scenario was not run");
    return report;
  };

  test("sends the provider the requests that the real engine sent", () => {
    const report = reported();
    const wanted = sequences(recorded.filter(({ to }) => to === "provider"));
    const sent = sequences(report.calls);
    expect(sent).toEqual(scenario.stopsOthers ? asFarAs(sent, wanted) : wanted);
  });

  test("asks for Check and Diff one at a time", () => {
    const report = reported();
    const wanted = ["Check", "Diff"];
    const began = report.calls.findIndex(({ method }) => method === "Check");
    const serial = report.calls
      .slice(Math.max(0, began))
      .filter(({ method }) => wanted.includes(method));
    const overlapping = serial.filter(
      (call, at) => (serial[at - 1]?.endedMs ?? 0) > call.startedMs,
    );
    expect(overlapping).toEqual([]);
  });

  test("tells the program what the real engine told it", () => {
    const given = answers(reported());
    const wanted = recordedAnswers(scenario.name);
    expect(given).toEqual(
      scenario.stopsOthers ? { ...given, ...wanted } : wanted,
    );
  });

  test("ends with the real engine's exit code and counts", () => {
    const report = reported();
    const { text, exitCode } = recordedText(scenario.name);
    expect(report.exitCode).toBe(exitCode);
    const isShown = scenario.name !== "import-cli" && !scenario.stopsOthers;
    if (isShown) expect(counts(report.text)).toEqual(counts(text));
  });
});

test("every recorded scenario is run", () => {
  expect(scenarios.map(({ name }) => name)).toHaveLength(50);
  expect(
    isDefaultProvider("urn:pulumi:t::m::pulumi:providers:x::default_1_0_0"),
  ).toBe(true);
});
