import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  type IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  checkProviderConfig,
  configureProvider,
  diffProviderConfig,
} from "./configuration";
import { connectEngine } from "./engineLog";
import { CallFailure, toFailure, toStatus } from "./failure";
import { invoke } from "./functionCalls";
import { check, create, diff, read, remove, update } from "./resourceCalls";
import { type Provider, Session } from "./session";

export interface ServeOptions {
  /** of the package; the engine warns in every run when the SDK's is another */
  readonly version: string;
  readonly load: () => Promise<Provider>;
}

export interface Served {
  readonly port: number;
  /** Takes the configuration's secrets out of a text. */
  redact(text: string): string;
  /** Cancels what runs, and resolves when all of it has been answered. */
  stop(): Promise<void>;
  close(): void;
}

const maxMessageBytes = 400 * 1024 * 1024;

/** Serves `pulumirpc.ResourceProvider` on a free port of the loopback. */
export async function serve(options: ServeOptions): Promise<Served> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const session = new Session(options.load);
  server.addService(ResourceProviderService, service(session, options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    );
  });
  return {
    port,
    redact: (text) => session.redactor()(text),
    stop: () => session.stop(),
    close() {
      session.close();
      server.forceShutdown();
    },
  };
}

function service(
  session: Session,
  options: ServeOptions,
): IResourceProviderServer {
  const unary = answering(session);
  return {
    ...startCalls(session, options),
    checkConfig: unary((request) => checkProviderConfig(session, request)),
    diffConfig: unary((request) => diffProviderConfig(request)),
    configure: unary((request) => configureProvider(session, request)),
    check: unary((request) => check(session, request)),
    diff: unary((request) => diff(session, request)),
    create: unary((request) => create(session, request)),
    read: unary((request) => read(session, request)),
    update: unary((request) => update(session, request)),
    delete: unary(async (request) => {
      await remove(session, request);
      return new Empty();
    }),
    invoke: unary((request) => invoke(session, request)),
    parameterize: unary(() => unimplemented("Parameterize")),
    call: unary(() => unimplemented("Call")),
    construct: unary(() => unimplemented("Construct")),
    list: (call) => {
      call.emit("error", toStatus(notHere("List")));
    },
  };
}

/** The calls about the process itself. */
function startCalls(session: Session, { load, version }: ServeOptions) {
  const unary = answering(session);
  return {
    handshake: unary((request: ProviderHandshakeRequest) => {
      session.meet(connectEngine(request.getEngineAddress()));
      session.setEngineRefreshes(request.getSupportsRefreshBeforeUpdate());
      return new ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptOutputs(true);
    }),
    attach: unary((request: PluginAttach) => {
      session.meet(connectEngine(request.getAddress()));
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getSchema: unary(async () => {
      const { schema } = await load();
      return new GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    getMapping: unary(() => new GetMappingResponse()),
    getMappings: unary(() => new GetMappingsResponse()),
    cancel: unary(() => {
      session.cancel();
      return new Empty();
    }),
  };
}

/** How a call is answered: by a response, or by a numeric code and a text without secrets. */
function answering(session: Session) {
  return <Request, Response>(
      answer: (request: Request) => Response | Promise<Response>,
    ): handleUnaryCall<Request, Response> =>
    (call, callback) => {
      session
        .during(async () => answer(call.request))
        .then(
          (response) => callback(null, response),
          (error: unknown) =>
            callback(toStatus(toFailure(error, session.redactor()))),
        );
    };
}

function unimplemented(method: string): never {
  throw notHere(method);
}

function notHere(method: string): CallFailure {
  return new CallFailure(
    status.UNIMPLEMENTED,
    `artifact-mirror does not implement ${method}`,
  );
}
