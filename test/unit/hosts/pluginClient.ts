import {
  credentials,
  Server,
  ServerCredentials,
  type ServiceError,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  ConfigureRequest,
  ProviderHandshakeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  type JavaScriptValue,
  Struct,
} from "google-protobuf/google/protobuf/struct_pb";

export type Json = Record<string, JavaScriptValue>;

export const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const secret = (value: JavaScriptValue) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
export const struct = (values: Json) => Struct.fromJavaScript(values);

/** One unary call, awaited. */
export function ask<Request, Response>(
  method: (
    request: Request,
    callback: (error: ServiceError | null, response: Response) => void,
  ) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method(request, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });
}

export interface FakeEngine {
  readonly address: string;
  readonly lines: LogRequest.AsObject[];
  close(): void;
}

/** An engine that only listens. */
export async function startEngine(): Promise<FakeEngine> {
  const server = new Server();
  const lines: LogRequest.AsObject[] = [];
  const nothing = () => {
    throw new Error("the provider only logs");
  };
  server.addService(EngineService, {
    log: (
      call: { request: LogRequest },
      callback: (error: null, answer: Empty) => void,
    ) => {
      lines.push(call.request.toObject());
      callback(null, new Empty());
    },
    getRootResource: nothing,
    setRootResource: nothing,
    startDebugging: nothing,
    requirePulumiVersion: nothing,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    lines,
    close: () => server.forceShutdown(),
  };
}

/** A client of the plugin's port. */
export function connect(port: number): ResourceProviderClient {
  return new ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    },
  );
}

export function handshake(
  engineAddress: string,
  supportsRefreshBeforeUpdate = true,
): ProviderHandshakeRequest {
  return new ProviderHandshakeRequest()
    .setEngineAddress(engineAddress)
    .setSupportsRefreshBeforeUpdate(supportsRefreshBeforeUpdate);
}

export function configure(args: Json = {}): ConfigureRequest {
  return new ConfigureRequest().setArgs(struct({ version: "0.1.0", ...args }));
}
