import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { MarkedValues } from "../marked";
import { textOf } from "../../mirror/textOf";
import type { Redact } from "../redact";
import { toStruct } from "./wire";

/** An error as it goes out: a numeric code, and a text without secrets. */
export class CallFailure extends Error {
  override readonly name = "CallFailure";

  constructor(
    readonly code: status,
    message: string,
    readonly metadata: Metadata = new Metadata(),
  ) {
    super(message);
  }
}

/** Work done in part, marked for the wire: the engine saves it, and the next run goes on from there. */
export interface InitFailed {
  readonly id: string;
  readonly state: MarkedValues;
  readonly inputs: MarkedValues;
  readonly reasons: readonly string[];
  readonly refreshBeforeUpdate: boolean;
}

/** `ErrorResourceInitFailed`, as the engine looks for it: in `grpc-status-details-bin`. */
export function initFailed(done: InitFailed): CallFailure {
  const detail = new ErrorResourceInitFailed()
    .setId(done.id)
    .setProperties(toStruct(done.state))
    .setInputs(toStruct(done.inputs))
    .setReasonsList([...done.reasons])
    .setRefreshBeforeUpdate(done.refreshBeforeUpdate);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  return withDetails(done.reasons.join("; "), packed);
}

function withDetails(message: string, detail: Any): CallFailure {
  const whole = new Status();
  whole.setCode(status.UNKNOWN).setMessage(message);
  whole.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return new CallFailure(status.UNKNOWN, message, metadata);
}

/** Whatever was thrown, as a failure whose text holds no secret. UNKNOWN is what leaves the engine's books in order (engine.md 8). */
export function toFailure(error: unknown, redact: Redact): CallFailure {
  if (error instanceof CallFailure) return error;
  return new CallFailure(status.UNKNOWN, redact(textOf(error)));
}

/** What grpc-js sends for it. */
export function toStatus(failure: CallFailure): Partial<StatusObject> {
  return {
    code: failure.code,
    details: failure.message,
    metadata: failure.metadata,
  };
}
