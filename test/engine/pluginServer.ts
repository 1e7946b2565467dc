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
import { initFailed, isMethod, methods, type Method } from "./methods";
import { textOf } from "./textOf";
import type { Properties } from "./values";
import { fromBytes, toBytes, type Shape } from "./wire";

/** What a plugin for tests answers to a call. */
export type Answer = (
  method: Method,
  request: Properties,
) => Promise<Properties>;

/** An error of a plugin; `partial` says what was made all the same. */
export class PluginError extends Error {
  override readonly name = "PluginError";

  constructor(
    message: string,
    readonly partial: Properties | undefined,
  ) {
    super(message);
  }
}

function detailsOf(error: unknown): Metadata {
  const metadata = new Metadata();
  if (!(error instanceof PluginError) || error.partial === undefined)
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

function handler(method: Method, answer: Answer) {
  return (
    call: ServerUnaryCall<Properties, Properties>,
    callback: sendUnaryData<Properties>,
  ): void => {
    answer(method, call.request).then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback({
          code: status.UNKNOWN,
          details: textOf(error),
          metadata: detailsOf(error),
        }),
    );
  };
}

/** Serves a plugin until SIGINT, and prints its port. */
export function servePlugin(answer: Answer): void {
  const names = Object.keys(methods).filter(isMethod);
  const service = names.map((method) => {
    const { request, response } = methods[method];
    const definition = {
      path: `/pulumirpc.ResourceProvider/${method}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (json: Properties) => toBytes(request, json),
      requestDeserialize: (bytes: Buffer) =>
        fromBytes(request, new Uint8Array(bytes)),
      responseSerialize: (json: Properties) =>
        toBytes(response, known(response, json)),
      responseDeserialize: (bytes: Buffer) => fromBytes(response, bytes),
    };
    return [method, definition] as const;
  });
  const handlers = names.map((method) => [method, handler(method, answer)]);
  const server = new Server();
  server.addService(Object.fromEntries(service), Object.fromEntries(handlers));
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

const known = (shape: Shape, json: Properties): Properties =>
  Object.fromEntries(
    Object.entries(json).filter(([name]) => name in shape.fields),
  );
