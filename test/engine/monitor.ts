import { randomUUID } from "node:crypto";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  DeploymentInfo,
  ReadResourceResponse,
  RegisterPackageResponse,
  RegisterResourceResponse,
  ResourceInvokeResponse,
  ResourceMonitorFeature,
  Result,
  SupportsFeatureResponse,
  type ReadResourceRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { seconds, type Answer, type Registration } from "./registration";
import { serve, unary, type Listening } from "./servers";
import { makeUrn } from "./urn";
import { toProperties, type Properties } from "./values";

/** A function call, or a `.get`, of a program. */
export interface Invocation {
  readonly token: string;
  readonly args: Properties;
  readonly provider?: string | undefined;
  readonly version: string;
  readonly dependencies: readonly string[];
}

export interface Lookup {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly properties: Properties;
  readonly provider?: string | undefined;
  readonly version: string;
}

/** What happens at the program's requests. A registration that fails and is not to be answered never resolves. */
export interface Deed {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;
  register(registration: Registration): Promise<Answer | "failed">;
  read(lookup: Lookup): Promise<Properties>;
  invoke(invocation: Invocation): Promise<Properties>;
  outputs(urn: string, outputs: Properties): void;
}

const struct = (properties: Properties): Struct =>
  Struct.fromJavaScript({ ...properties });

const given = (text: string): string | undefined =>
  text === "" ? undefined : text;

/** Serves the ResourceMonitor, to which a program talks. */
export function serveMonitor(deed: Deed): Promise<Listening> {
  const nothing = unary(() => new Empty());
  const unsupported = (what: string): ReturnType<typeof unary> =>
    unary(() =>
      Promise.reject(new Error(`the small engine does not support ${what}`)),
    );
  return serve(ResourceMonitorService, {
    getDeploymentInfo: unary(() => deploymentInfo(deed)),
    supportsFeature: unary((request: SupportsFeatureRequest) => {
      const supported = [
        "secrets",
        "resourceReferences",
        "aliasSpecs",
        "parameterization",
      ];
      return new SupportsFeatureResponse().setHassupport(
        supported.includes(request.getId()),
      );
    }),
    registerResource: unary((request: RegisterResourceRequest) =>
      register(deed, request),
    ),
    registerResourceOutputs: unary(
      (request: RegisterResourceOutputsRequest) => {
        const outputs = request.getOutputs()?.toJavaScript();
        deed.outputs(request.getUrn(), toProperties(outputs));
        return new Empty();
      },
    ),
    readResource: unary((request: ReadResourceRequest) => read(deed, request)),
    invoke: unary((request: ResourceInvokeRequest) => invoke(deed, request)),
    registerPackage: unary(() =>
      new RegisterPackageResponse().setRef(randomUUID()),
    ),
    signalAndWaitForShutdown: nothing,
    registerStackTransform: nothing,
    registerStackInvokeTransform: nothing,
    registerResourceHook: nothing,
    registerErrorHook: nothing,
    call: unsupported("methods of resources"),
    existsResource: unsupported("a look for resources"),
  });
}

function deploymentInfo({
  project,
  stack,
  preview,
  parallel,
}: Deed): DeploymentInfo {
  return new DeploymentInfo()
    .setProject(project)
    .setStack(stack)
    .setOrganization("organization")
    .setDryrun(preview)
    .setParallel(parallel)
    .setSupportedfeaturesList([
      ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
      ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    ]);
}

async function register(
  deed: Deed,
  request: RegisterResourceRequest,
): Promise<RegisterResourceResponse> {
  const registration = registrationOf(deed, request);
  const response = new RegisterResourceResponse().setUrn(registration.urn);
  const answer = await deed.register(registration);
  if (answer !== "failed")
    return response.setId(answer.id).setObject(struct(answer.outputs));
  if (!request.getSupportsresultreporting())
    throw new Error(`resource ${registration.urn} failed to register`);
  return response.setObject(new Struct()).setResult(Result.FAIL);
}

function registrationOf(
  { project, stack }: Deed,
  request: RegisterResourceRequest,
): Registration {
  const [type, name] = [request.getType(), request.getName()];
  const parent = given(request.getParent());
  const timeouts = request.getCustomtimeouts();
  const self = { project, stack, type, name, parent };
  return {
    urn: makeUrn(self),
    type,
    name,
    parent,
    custom: request.getCustom(),
    inputs: toProperties(request.getObject()?.toJavaScript()),
    provider:
      given(request.getProvider()) ??
      request.getProvidersMap().get(type.split(":")[0] ?? ""),
    version: request.getVersion(),
    dependencies: request.getDependenciesList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList(),
      ...request.getAliasesList().map((alias) => aliasUrn(alias, self)),
    ],
    importId: given(request.getImportid()),
    timeouts: {
      createSeconds: seconds(timeouts?.getCreate() ?? ""),
      updateSeconds: seconds(timeouts?.getUpdate() ?? ""),
      deleteSeconds: seconds(timeouts?.getDelete() ?? ""),
    },
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    deletedWith: given(request.getDeletedwith()),
  };
}

function aliasUrn(alias: Alias, self: Parameters<typeof makeUrn>[0]): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent()
    ? undefined
    : (given(spec.getParenturn()) ?? self.parent);
  return makeUrn({
    stack: given(spec.getStack()) ?? self.stack,
    project: given(spec.getProject()) ?? self.project,
    type: given(spec.getType()) ?? self.type,
    name: given(spec.getName()) ?? self.name,
    parent,
  });
}

async function read(
  deed: Deed,
  request: ReadResourceRequest,
): Promise<ReadResourceResponse> {
  const [type, name] = [request.getType(), request.getName()];
  const parent = given(request.getParent());
  const { project, stack } = deed;
  const urn = makeUrn({ project, stack, type, name, parent });
  const properties = await deed.read({
    urn,
    type,
    id: request.getId(),
    properties: toProperties(request.getProperties()?.toJavaScript()),
    provider: given(request.getProvider()),
    version: request.getVersion(),
  });
  return new ReadResourceResponse()
    .setUrn(urn)
    .setProperties(struct(properties));
}

async function invoke(
  deed: Deed,
  request: ResourceInvokeRequest,
): Promise<ResourceInvokeResponse> {
  const answer = await deed.invoke({
    token: request.getTok(),
    args: toProperties(request.getArgs()?.toJavaScript()),
    provider: given(request.getProvider()),
    version: request.getVersion(),
    dependencies: request.getDependsonList(),
  });
  const response = new ResourceInvokeResponse();
  if (answer["unknown"] === true) return response.setUnknown(true);
  const failures = Array.isArray(answer["failures"]) ? answer["failures"] : [];
  response.setFailuresList(
    failures.map((one: unknown) => {
      const { property, reason } = toProperties(one);
      return new CheckFailure()
        .setProperty(String(property ?? ""))
        .setReason(String(reason));
    }),
  );
  return response.setReturn(struct(toProperties(answer["return"])));
}
