import type { Method } from "./methods";
import { PluginError, servePlugin } from "./pluginServer";
import { same, toProperties, type Properties } from "./values";

/** A plugin that manages nothing: outputs are inputs, and some inputs say how it should misbehave. */
let release: () => void = () => undefined;
const cancelled = new Promise<void>((resolve) => (release = resolve));

function diff(request: Properties): Properties {
  const [olds, news] = [
    toProperties(request["oldInputs"] ?? {}),
    toProperties(request["news"] ?? {}),
  ];
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const diffs = names.filter((name) => !same(olds[name], news[name]));
  const kind = (name: string): string =>
    name === "place" ? "UPDATE_REPLACE" : "UPDATE";
  return {
    changes: diffs.length > 0 ? "DIFF_SOME" : "DIFF_NONE",
    diffs,
    replaces: diffs.filter((name) => name === "place"),
    detailedDiff: Object.fromEntries(
      diffs.map((name) => [name, { kind: kind(name) }]),
    ),
    hasDetailedDiff: true,
  };
}

async function write(id: string, inputs: Properties): Promise<Properties> {
  const properties = { ...inputs, made: `of ${id}` };
  if (inputs["refuse"] !== undefined)
    throw new PluginError(`refused: ${String(inputs["refuse"])}`, undefined);
  if (inputs["hang"] === true) {
    await cancelled;
    throw new PluginError("cancelled by the user", undefined);
  }
  const refreshBeforeUpdate = inputs["unread"] !== true;
  const answer = { id, properties, refreshBeforeUpdate };
  if (inputs["partial"] === true)
    throw new PluginError("half done", { ...answer, reasons: ["half done"] });
  return answer;
}

function check(request: Properties): Properties {
  const news = toProperties(request["news"] ?? {});
  const failures =
    news["bad"] === undefined ? [] : [{ property: "bad", reason: "not this" }];
  return { inputs: news, failures };
}

function read(request: Properties): Properties {
  const id = request["id"] ?? "";
  const inputs = toProperties(request["inputs"] ?? { from: id });
  const properties = toProperties(request["properties"] ?? inputs);
  return { id, inputs, properties, refreshBeforeUpdate: true };
}

const wrote = (request: Properties): Promise<Properties> => {
  const inputs = toProperties(request["properties"] ?? request["news"] ?? {});
  return write(`${String(request["name"])}-id`, inputs);
};

type Answer = (request: Properties) => Properties | Promise<Properties>;

const answers: Partial<Record<Method, Answer>> = {
  CheckConfig: check,
  Check: check,
  DiffConfig: diff,
  Diff: diff,
  Configure: () => ({ acceptSecrets: true, supportsPreview: true }),
  Create: wrote,
  Update: wrote,
  Read: read,
  Cancel: () => {
    release();
    return {};
  },
};

servePlugin(
  async (method, request) => (await answers[method]?.(request)) ?? {},
);
