import {
  CheckFailure,
  type InvokeRequest,
  InvokeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { hasSecret, plainValues, Secret } from "../marked";
import { runCall } from "./call";
import type { Session } from "./session";
import { fromStruct, toStruct } from "./wire";

/** Asks a function, in preview and up alike. Where an argument is secret, so is the whole answer. */
export async function invoke(
  session: Session,
  request: InvokeRequest,
): Promise<InvokeResponse> {
  const kind = await session.function(request.getTok());
  const args = fromStruct(request.getArgs() ?? new Struct());
  // a function belongs to no resource: what it says is told of the stack
  const about = { urn: "", verb: "invoke", values: [args] } as const;
  return runCall(session, about, async (call, redact) => {
    const { world } = session.configured;
    const answer = await kind.ask(world, call, plainValues(args));
    if ("failures" in answer) {
      // of an argument the SDKs print the place, as `why (place)`, and never its value
      const failures = answer.failures.map(({ property, reason }) =>
        new CheckFailure()
          .setProperty(redact(property))
          .setReason(redact(reason)),
      );
      return new InvokeResponse().setFailuresList(failures);
    }
    const isSecret = hasSecret(args);
    const marked = Object.entries(answer.values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, isSecret ? new Secret(value) : value]);
    return new InvokeResponse().setReturn(toStruct(Object.fromEntries(marked)));
  });
}
