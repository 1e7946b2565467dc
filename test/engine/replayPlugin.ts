import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { normalised, recordedCalls, type RecordedCall } from "./recording";
import type { Properties } from "./values";
import { initFailed, isMethod, methods, type Method } from "./methods";
import { fromBytes, toBytes } from "./wire";

/** An error as it was recorded, with the details that the recording left out. */
class ReplayedError extends Error {
  override readonly name = "ReplayedError";

  constructor(
    message: string,
    readonly partial: Properties | undefined,
  ) {
    super(message);
  }
}

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
      throw new ReplayedError(call.error, partialOf(this.scenario, call));
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

function detailsOf(error: unknown): Metadata {
  const metadata = new Metadata();
  if (!(error instanceof ReplayedError) || error.partial === undefined)
    return metadata;
  const details = new Any();
  details.pack(
    toBytes(initFailed, error.partial),
    "pulumirpc.ErrorResourceInitFailed",
  );
  const wrapped = new Status();
  wrapped.setCode(status.UNKNOWN);
  wrapped.setMessage(error.message);
  wrapped.addDetails(details);
  metadata.add(
    "grpc-status-details-bin",
    Buffer.from(wrapped.serializeBinary()),
  );
  return metadata;
}

function handler(replay: Replay, method: Method) {
  return (
    call: ServerUnaryCall<Properties, Properties>,
    callback: sendUnaryData<Properties>,
  ): void => {
    replay.answer(method, call.request).then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback({
          code: status.UNKNOWN,
          details: error instanceof Error ? error.message : String(error),
          metadata: detailsOf(error),
        }),
    );
  };
}

/** Serves until SIGINT; the scenario and the number of this process come by the environment. */
function main(): void {
  const { REPLAY_SCENARIO: scenario, ENGINE_INSTANCE: instance } = process.env;
  const replay = new Replay(scenario ?? "", Number(instance));
  const names = Object.keys(methods).filter(isMethod);
  const service = names.map((method) => {
    const { request, response } = methods[method];
    const definition = {
      path: `/pulumirpc.ResourceProvider/${method}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (json: Properties) => toBytes(request, json),
      requestDeserialize: (bytes: Buffer) => readable(request, bytes),
      responseSerialize: (json: Properties) =>
        toBytes(response, known(response, json)),
      responseDeserialize: (bytes: Buffer) => fromBytes(response, bytes),
    };
    return [method, definition] as const;
  });
  const server = new Server();
  server.addService(
    Object.fromEntries(service),
    Object.fromEntries(
      names.map((method) => [method, handler(replay, method)]),
    ),
  );
  process.once("SIGINT", () => process.exit(0));
  server.bindAsync(
    "127.0.0.1:0",
    ServerCredentials.createInsecure(),
    (error, port) => {
      if (error !== null) throw error;
      process.stdout.write(`${port}\n`);
    },
  );
}

type Shape = (typeof methods)[Method]["request" | "response"];

const readable = (shape: Shape, bytes: Buffer): Properties =>
  fromBytes(shape, new Uint8Array(bytes));

const known = (shape: Shape, json: Properties): Properties =>
  Object.fromEntries(
    Object.entries(json).filter(([name]) => name in shape.fields),
  );

main();
