import type { ServiceError } from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { serve, type Served } from "../../../provider/hosts/plugin/server";
import type { Call, Lifecycle } from "../../../provider/mirror/lifecycle";
import { type FakeProvider, fakeProvider, token, urn } from "./fakeProvider";
import {
  ask,
  configure,
  connect,
  type FakeEngine,
  handshake,
  type Json,
  startEngine,
  struct,
} from "./pluginClient";

interface Running {
  readonly engine: FakeEngine;
  readonly fake: FakeProvider;
  readonly served: Served;
  readonly client: ResourceProviderClient;
}

interface Start {
  readonly config?: Json;
  readonly engineRefreshes?: boolean;
}

/** A plugin with one fake kind, served over real gRPC; closed after every test. */
export function pluginHarness() {
  let running: Running | undefined;

  afterEach(() => {
    running?.client.close();
    running?.served.close();
    running?.engine.close();
    running = undefined;
  });

  function current(): Running {
    if (running) return running;
    throw new Error("start the plugin first");
  }

  /** Serves, and says nothing yet. */
  async function bare(lifecycle: Partial<Lifecycle> = {}): Promise<void> {
    const fake = fakeProvider(lifecycle);
    const engine = await startEngine();
    const load = async () => fake.provider;
    const served = await serve({ version: "1.2.3", load });
    running = { engine, fake, served, client: connect(served.port) };
  }

  /** Serves a kind that lives as the test says, after Handshake and Configure. */
  async function start(
    lifecycle: Partial<Lifecycle> = {},
    { config = {}, engineRefreshes = true }: Start = {},
  ): Promise<void> {
    await bare(lifecycle);
    const { client, engine } = current();
    const hands = handshake(engine.address, engineRefreshes);
    await ask(client.handshake.bind(client), hands);
    await ask(client.configure.bind(client), configure(config));
  }

  return {
    bare,
    start,
    get client() {
      return current().client;
    },
    get fake() {
      return current().fake;
    },
    get engine() {
      return current().engine;
    },
    ...resourceCalls(() => current().client),
    ...providerCalls(() => current().client),
  };
}

function resourceCalls(client: () => ResourceProviderClient) {
  return {
    check: (news: Json, olds: Json = {}, name = "a") =>
      ask<rpc.CheckRequest, rpc.CheckResponse>(
        client().check.bind(client()),
        new rpc.CheckRequest()
          .setUrn(urn(name))
          .setType(token)
          .setNews(struct(news))
          .setOlds(struct(olds)),
      ),
    create: (properties: Json, preview = false, timeoutSeconds = 0) =>
      ask<rpc.CreateRequest, rpc.CreateResponse>(
        client().create.bind(client()),
        new rpc.CreateRequest()
          .setUrn(urn("a"))
          .setType(token)
          .setProperties(struct(properties))
          .setPreview(preview)
          .setTimeout(timeoutSeconds),
      ),
    diff: (request: rpc.DiffRequest) =>
      ask<rpc.DiffRequest, rpc.DiffResponse>(
        client().diff.bind(client()),
        request,
      ),
    update: (request: rpc.UpdateRequest) =>
      ask<rpc.UpdateRequest, rpc.UpdateResponse>(
        client().update.bind(client()),
        request,
      ),
    read: (request: rpc.ReadRequest) =>
      ask<rpc.ReadRequest, rpc.ReadResponse>(
        client().read.bind(client()),
        request,
      ),
  };
}

function providerCalls(client: () => ResourceProviderClient) {
  return {
    checkConfig: (news: Json) =>
      ask<rpc.CheckRequest, rpc.CheckResponse>(
        client().checkConfig.bind(client()),
        new rpc.CheckRequest().setUrn("urn:p").setNews(struct(news)),
      ),
    diffConfig: (olds: Json, news: Json) =>
      ask<rpc.DiffRequest, rpc.DiffResponse>(
        client().diffConfig.bind(client()),
        new rpc.DiffRequest().setOlds(struct(olds)).setNews(struct(news)),
      ),
    cancel: () => ask(client().cancel.bind(client()), new Empty()),
  };
}

export function diffRequest(olds: Json, news: Json): rpc.DiffRequest {
  return new rpc.DiffRequest()
    .setUrn(urn("a"))
    .setType(token)
    .setOlds(struct(olds))
    .setNews(struct(news));
}

export function updateRequest(olds: Json, news: Json): rpc.UpdateRequest {
  return new rpc.UpdateRequest()
    .setId("the-id")
    .setUrn(urn("a"))
    .setType(token)
    .setOlds(struct(olds))
    .setOldInputs(struct(olds))
    .setNews(struct(news));
}

export function readRequest(id: string): rpc.ReadRequest {
  return new rpc.ReadRequest().setId(id).setUrn(urn("a")).setType(token);
}

/** The error of a call that must fail. */
export function failed(work: Promise<unknown>): Promise<ServiceError> {
  return work.then(
    () => Promise.reject(new Error("it was to fail")),
    (error: ServiceError) => error,
  );
}

/** What the engine would read of an error: the state that is to be saved. */
export function initFailedIn(error: ServiceError): rpc.ErrorResourceInitFailed {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const [any] = Status.deserializeBinary(
    Buffer.from(bytes ?? ""),
  ).getDetailsList();
  expect(any?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  return rpc.ErrorResourceInitFailed.deserializeBinary(
    any?.getValue_asU8() ?? new Uint8Array(),
  );
}

/** Work that stops only when it is told to; `begun` says that it runs. */
export function endless() {
  let begin: (call: Call) => void = () => undefined;
  const begun = new Promise<Call>((resolve) => (begin = resolve));
  const work = (call: Call): Promise<never> => {
    begin(call);
    return new Promise((_, reject) => {
      const { signal } = call.reach;
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  return { begun, work };
}
