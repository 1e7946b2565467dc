import {
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
  type LogRequest,
  type SetRootResourceRequest,
} from "@pulumi/pulumi/proto/engine_pb";
import type { Diagnostic, Journal } from "./report";
import { textOf } from "./textOf";

/** A gRPC handler from a function; what it throws becomes the error of the call. */
export function unary<Request, Response>(
  answer: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: status.UNKNOWN,
            details: textOf(error),
          }),
      );
  };
}

export interface Listening {
  readonly address: string;
  close(): void;
}

/** Serves one gRPC service on a free port of the loopback interface. */
export async function serve(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
): Promise<Listening> {
  const server = new Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
  });
  server.addService(service, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
      (error, bound) => (error === null ? resolve(bound) : reject(error)),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

const severities = ["debug", "info", "warning", "error"] as const;

/** The Engine service: logs, and the URN of the root resource. */
export function serveEngine(
  journal: Journal,
  onLog: (diagnostic: Diagnostic) => void,
): Promise<Listening> {
  let root = "";
  return serve(EngineService, {
    log: unary((request: LogRequest) => {
      const diagnostic = {
        severity: severities[request.getSeverity()] ?? "info",
        urn: request.getUrn(),
        message: request.getMessage(),
        ephemeral: request.getEphemeral(),
      };
      journal.diagnostics.push(diagnostic);
      onLog(diagnostic);
      return new Empty();
    }),
    getRootResource: unary(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    startDebugging: unary(() => new Empty()),
    requirePulumiVersion: unary(() => new RequirePulumiVersionResponse()),
  });
}
