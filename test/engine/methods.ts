import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  GetSchemaRequest,
  GetSchemaResponse,
  InvokeRequest,
  InvokeResponse,
  ProviderHandshakeRequest,
  ProviderHandshakeResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Kind, MessageType, Shape } from "./wire";

function shape(
  type: MessageType,
  fields: Readonly<Record<string, Kind>> = {},
): Shape {
  return { type, fields };
}

const named = { urn: "scalar", name: "scalar", type: "scalar" } as const;
const checked = {
  ...named,
  olds: "struct",
  news: "struct",
  randomSeed: "bytes",
} as const;
const compared = {
  ...named,
  id: "scalar",
  olds: "struct",
  news: "struct",
  oldInputs: "struct",
  ignoreChanges: "strings",
} as const;
const answered = {
  properties: "struct",
  refreshBeforeUpdate: "scalar",
} as const;
const written = { ...named, timeout: "scalar", preview: "scalar" } as const;
const checkResponse = shape(CheckResponse, {
  inputs: "struct",
  failures: "failures",
});
const diffResponse = shape(DiffResponse, {
  changes: "changes",
  diffs: "strings",
  replaces: "strings",
  stables: "strings",
  deleteBeforeReplace: "scalar",
  detailedDiff: "details",
  hasDetailedDiff: "scalar",
});

/** What `grpc-status-details-bin` carries when a resource was made, but not wholly. */
export const initFailed = shape(ErrorResourceInitFailed, {
  ...answered,
  id: "scalar",
  reasons: "strings",
  inputs: "struct",
});

/** The calls that an engine makes of a resource provider. */
export const methods = {
  Handshake: {
    request: shape(ProviderHandshakeRequest, {
      engineAddress: "scalar",
      rootDirectory: "scalar",
      programDirectory: "scalar",
      configureWithUrn: "scalar",
      supportsRefreshBeforeUpdate: "scalar",
      invokeWithPreview: "scalar",
      acceptsByteString: "scalar",
    }),
    response: shape(ProviderHandshakeResponse, {
      acceptSecrets: "scalar",
      acceptResources: "scalar",
      acceptOutputs: "scalar",
    }),
  },
  GetPluginInfo: {
    request: shape(Empty),
    response: shape(PluginInfo, { version: "scalar" }),
  },
  GetSchema: {
    request: shape(GetSchemaRequest, { version: "scalar" }),
    response: shape(GetSchemaResponse, { schema: "scalar" }),
  },
  CheckConfig: {
    request: shape(CheckRequest, checked),
    response: checkResponse,
  },
  DiffConfig: { request: shape(DiffRequest, compared), response: diffResponse },
  Configure: {
    request: shape(ConfigureRequest, {
      ...named,
      id: "scalar",
      variables: "texts",
      args: "struct",
      acceptSecrets: "scalar",
      acceptResources: "scalar",
      sendsOldInputs: "scalar",
      sendsOldInputsToDelete: "scalar",
    }),
    response: shape(ConfigureResponse, {
      acceptSecrets: "scalar",
      acceptResources: "scalar",
      acceptOutputs: "scalar",
      supportsPreview: "scalar",
    }),
  },
  Check: { request: shape(CheckRequest, checked), response: checkResponse },
  Diff: { request: shape(DiffRequest, compared), response: diffResponse },
  Create: {
    request: shape(CreateRequest, { ...written, properties: "struct" }),
    response: shape(CreateResponse, { ...answered, id: "scalar" }),
  },
  Update: {
    request: shape(UpdateRequest, { ...written, ...compared }),
    response: shape(UpdateResponse, answered),
  },
  Read: {
    request: shape(ReadRequest, {
      ...named,
      id: "scalar",
      properties: "struct",
      inputs: "struct",
    }),
    response: shape(ReadResponse, {
      ...answered,
      id: "scalar",
      inputs: "struct",
    }),
  },
  Delete: {
    request: shape(DeleteRequest, {
      ...named,
      id: "scalar",
      properties: "struct",
      oldInputs: "struct",
      timeout: "scalar",
    }),
    response: shape(Empty),
  },
  Invoke: {
    request: shape(InvokeRequest, {
      tok: "scalar",
      args: "struct",
      preview: "scalar",
    }),
    response: shape(InvokeResponse, { return: "struct", failures: "failures" }),
  },
  Cancel: { request: shape(Empty), response: shape(Empty) },
} as const;

export type Method = keyof typeof methods;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}
