import { PluginError, servePlugin } from "./pluginServer";
import { normalised, recordedCalls, type RecordedCall } from "./recording";
import type { Properties } from "./values";
import type { Method } from "./methods";

/** Answers each recorded request of one process of one scenario with the recorded response. */
class Replay {
  private readonly left: RecordedCall[];
  private release: () => void = () => undefined;
  private readonly cancelled = new Promise<void>(
    (resolve) => (this.release = resolve),
  );

  constructor(
    private readonly scenario: string,
    instance: number,
  ) {
    this.left = recordedCalls(scenario).filter(
      (call) => call.to === "provider" && call.instance === instance,
    );
  }

  async answer(method: Method, request: Properties): Promise<Properties> {
    if (method === "Cancel") {
      this.release();
      return {};
    }
    const call = this.take(method, request);
    if (call === undefined) return unrecorded(method, request);
    const cancel = this.left.find((one) => one.method === "Cancel");
    // a call that outlasted a Cancel of the recorded run was ended by it
    if (cancel !== undefined && call.endMs > cancel.startMs)
      await this.cancelled;
    if (call.error !== undefined)
      throw new PluginError(call.error, partialOf(this.scenario, call));
    return call.response ?? {};
  }

  /** The recorded call with this request; else, so that the run goes on to its end, one for the same resource. */
  private take(method: Method, request: Properties): RecordedCall | undefined {
    const candidates = this.left.filter((one) => one.method === method);
    const wanted = normalised(request);
    const found =
      candidates.find((one) => normalised(one.request) === wanted) ??
      candidates.find((one) => one.request["urn"] === request["urn"]);
    if (found === undefined) return undefined;
    this.left.splice(this.left.indexOf(found), 1);
    return found;
  }
}

/** Which of several resources comes first is chance: one that the recorded run did not come to is simply all right. */
function unrecorded(method: Method, request: Properties): Properties {
  if (method === "Check") return { inputs: request["news"] ?? {} };
  if (method === "Diff") return { changes: "DIFF_NONE" };
  throw new Error(`not recorded: ${method} ${normalised(request)}`);
}

/** What `ErrorResourceInitFailed` said: the recording kept the message only, the next run's Read shows the rest. */
function partialOf(
  scenario: string,
  call: RecordedCall,
): Properties | undefined {
  const isCreate = scenario === "init-failed-up";
  if (!isCreate && scenario !== "read-unhealthy-preview") return undefined;
  const calls = isCreate ? recordedCalls("init-failed-next-up") : [call];
  const read = calls.find(({ method }) => method === "Read")?.request;
  if (read === undefined) return undefined;
  const { id, properties, inputs } = read;
  const known = {
    id: id ?? "",
    properties: properties ?? {},
    inputs: inputs ?? {},
  };
  return {
    ...known,
    reasons: (call.error ?? "").split("; "),
    refreshBeforeUpdate: true,
  };
}

// the scenario and the number of this process come by the environment
const { REPLAY_SCENARIO: scenario = "", ENGINE_INSTANCE: instance } =
  process.env;
const replay = new Replay(scenario, Number(instance));
servePlugin((method, request) => replay.answer(method, request));
