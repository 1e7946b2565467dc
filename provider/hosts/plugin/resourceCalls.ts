import {
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type DiffResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  type Desired,
  PartialError,
  type Values,
} from "../../mirror/lifecycle";
import type { ResourceKind } from "../../resources/kind";
import { hasSecret, type MarkedValues, own, plainValues } from "../marked";
import type { Redact } from "../redact";
import { runCall } from "./call";
import { tagFilledBy } from "./destinations";
import { initFailed, toFailure } from "./failure";
import { heeded, toCheckFailure, toDiffResponse } from "./replies";
import { markInputs, markOutputs } from "./secrecy";
import type { Session } from "./session";
import { fromStruct, toStruct } from "./wire";

/** Validates and completes inputs; refuses a destination that another resource of this run has. */
export async function check(
  session: Session,
  request: CheckRequest,
): Promise<CheckResponse> {
  const urn = request.getUrn();
  const { kind, lifecycle, openInputs } = await session.resource(
    typeOf(request),
  );
  const news = valuesOf(request.getNews());
  const olds = givenValues(request.getOlds());
  const values = olds === undefined ? [news] : [news, olds];
  return runCall(
    session,
    { urn, verb: "check", values },
    async (call, redact) => {
      const checked = await lifecycle.check(call, {
        news: plainValues(news),
        ...(olds && { olds: plainValues(olds) }),
      });
      const inputs = markInputs(kind, news, checked.inputs);
      const isSecret = (name: string) =>
        !openInputs.has(name) || hasSecret(own(inputs, name));
      // of what is missing, or has members, the engine prints only Go: `{<nil>}`, `{map[]}`
      const isHidden = (name: string) =>
        isSecret(name) || !isPlain(own(inputs, name));
      const failures = [
        ...checked.failures,
        ...claimDestination(session, urn, plainValues(inputs)),
      ];
      return new CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(
          failures.map((failure) =>
            toCheckFailure(failure, { isSecret: isHidden, redact }),
          ),
        );
    },
  );
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** A repository sees to its tags itself: only who fills one tag is asked here. */
function claimDestination(session: Session, urn: string, inputs: Values) {
  const { destinations, world } = session.configured;
  const { place, source } = tagFilledBy(inputs);
  const owner = destinations.claim(urn, place);
  const other =
    place === undefined || source === undefined
      ? undefined
      : world.memory.claim(place, source);
  if (owner === undefined && other === undefined) return [];
  const taken =
    owner === undefined
      ? `is filled from ${other} already, by a repository of this run`
      : `is the destination of ${owner} already`;
  const reason = `${taken}: two resources would take turns with one tag; give each its own`;
  return [{ property: "destination", reason }];
}

/** What differs, by property; never asks anybody. */
export async function diff(
  session: Session,
  request: DiffRequest,
): Promise<DiffResponse> {
  const { lifecycle } = await session.resource(typeOf(request));
  const desired = desiredOf(request);
  const olds = valuesOf(request.getOlds());
  const values = [olds, valuesOf(request.getNews())];
  try {
    const state = plainValues(olds);
    const changes = lifecycle.pending({ ...desired, state });
    return toDiffResponse(heeded(changes, desired.ignoreChanges));
  } catch (error) {
    throw toFailure(error, session.redactor(values));
  }
}

/** Plans in preview; else applies. */
export async function create(
  session: Session,
  request: CreateRequest,
): Promise<CreateResponse> {
  const { kind, lifecycle } = await session.resource(typeOf(request));
  const inputs = valuesOf(request.getProperties());
  const desired = { inputs: plainValues(inputs), ignoreChanges: [] };
  const about = {
    urn: request.getUrn(),
    verb: "create",
    values: [inputs],
    timeoutSeconds: request.getTimeout(),
  } as const;
  return runCall(session, about, async (call, redact) => {
    const response = new CreateResponse().setRefreshBeforeUpdate(
      session.refreshBeforeUpdate,
    );
    if (request.getPreview()) {
      const planned = await lifecycle.plan(call, desired);
      return response.setProperties(
        toStruct(markOutputs(kind, inputs, planned)),
      );
    }
    const done = await inPart({ session, kind, inputs, redact }, () =>
      lifecycle.apply(call, desired),
    );
    return response
      .setId(done.id)
      .setProperties(toStruct(markOutputs(kind, inputs, done.state)));
  });
}

/** Plans in preview; else applies, going out from what is there. */
export async function update(
  session: Session,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const { kind, lifecycle } = await session.resource(typeOf(request));
  const inputs = valuesOf(request.getNews());
  const olds = valuesOf(request.getOlds());
  const desired = { ...desiredOf(request), state: plainValues(olds) };
  const about = {
    urn: request.getUrn(),
    verb: "update",
    values: [inputs, olds],
    timeoutSeconds: request.getTimeout(),
  } as const;
  return runCall(session, about, async (call, redact) => {
    const work = async () =>
      request.getPreview()
        ? lifecycle.plan(call, desired)
        : (await lifecycle.apply(call, desired)).state;
    const state = await inPart({ session, kind, inputs, redact }, work);
    return new UpdateResponse()
      .setProperties(toStruct(markOutputs(kind, inputs, state)))
      .setRefreshBeforeUpdate(session.refreshBeforeUpdate);
  });
}

/** What is really there. Neither properties nor inputs: an import, or `.get`, by id alone. */
export async function read(
  session: Session,
  request: ReadRequest,
): Promise<ReadResponse> {
  const { kind, lifecycle } = await session.resource(typeOf(request));
  const state = givenValues(request.getProperties());
  const inputs = givenValues(request.getInputs());
  const seen = {
    id: request.getId(),
    ...(state && { state: plainValues(state) }),
    ...(inputs && { inputs: plainValues(inputs) }),
  };
  const known = { ...state, ...inputs };
  const about = {
    urn: request.getUrn(),
    verb: "read",
    values: [state ?? {}, inputs ?? {}],
    timeoutSeconds: request.getTimeout(),
  } as const;
  return runCall(session, about, async (call, redact) => {
    const observed = await inPart(
      { session, kind, inputs: inputs ?? {}, redact },
      () => lifecycle.observe(call, seen),
    );
    if (observed === undefined) return new ReadResponse();
    return new ReadResponse()
      .setId(observed.id)
      .setInputs(toStruct(markInputs(kind, inputs ?? {}, observed.inputs)))
      .setProperties(toStruct(markOutputs(kind, known, observed.state)))
      .setRefreshBeforeUpdate(session.refreshBeforeUpdate);
  });
}

/** Removes what the state says may be removed. */
export async function remove(
  session: Session,
  request: DeleteRequest,
): Promise<void> {
  const { lifecycle } = await session.resource(typeOf(request));
  const state = valuesOf(request.getProperties());
  const oldInputs = givenValues(request.getOldInputs());
  const about = {
    urn: request.getUrn(),
    verb: "delete",
    values: [state, oldInputs ?? {}],
    timeoutSeconds: request.getTimeout(),
  } as const;
  await runCall(session, about, (call) =>
    lifecycle.remove(call, {
      id: request.getId(),
      state: plainValues(state),
      ...(oldInputs && { oldInputs: plainValues(oldInputs) }),
    }),
  );
}

interface Part {
  readonly session: Session;
  readonly kind: ResourceKind;
  readonly inputs: MarkedValues;
  readonly redact: Redact;
}

/** Work that may end in part: then the engine saves what is done, and the inputs that were wanted. */
async function inPart<Answer>(
  { session, kind, inputs, redact }: Part,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    throw initFailed({
      id: error.done.id,
      state: markOutputs(kind, inputs, error.done.state),
      inputs: markInputs(kind, inputs, error.done.inputs),
      reasons: error.reasons.map(redact),
      refreshBeforeUpdate: session.refreshBeforeUpdate,
    });
  }
}

function desiredOf(request: DiffRequest | UpdateRequest): Desired {
  const oldInputs = givenValues(request.getOldInputs());
  return {
    inputs: plainValues(valuesOf(request.getNews())),
    ignoreChanges: request.getIgnorechangesList(),
    ...(oldInputs && { oldInputs: plainValues(oldInputs) }),
  };
}

/** Engines before 3.143 send no type; the URN ends with `::parent$type::name`. */
function typeOf(request: { getType(): string; getUrn(): string }): string {
  const inUrn = request.getUrn().split("::")[2] ?? "";
  return request.getType() || (inUrn.split("$").at(-1) ?? "");
}

function valuesOf(struct: Struct | undefined): MarkedValues {
  return fromStruct(struct ?? new Struct());
}

/** The engine says "none" by leaving them out, or by sending none. */
function givenValues(struct: Struct | undefined): MarkedValues | undefined {
  const values = valuesOf(struct);
  return Object.keys(values).length > 0 ? values : undefined;
}
