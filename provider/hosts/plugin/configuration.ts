import { status } from "@grpc/grpc-js";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkConfig, readConfig, secretConfigTexts } from "../configText";
import {
  hasSecret,
  type Marked,
  type MarkedValues,
  own,
  plainValues,
  Secret,
} from "../marked";
import { redactor } from "../redact";
import { isSameValue } from "../sameValue";
import { CallFailure } from "./failure";
import { toCheckFailure } from "./replies";
import { secretNames } from "./secretNames";
import type { Session } from "./session";
import { fromStruct, toStruct } from "./wire";

/** Refuses what the shape does not know, and unknown values: with one of them the engine would bypass the provider (engine.md 4). */
export async function checkProviderConfig(
  session: Session,
  request: CheckRequest,
): Promise<CheckResponse> {
  const { config: shape } = await session.load();
  const secret = secretNames(shape);
  const news = fromStruct(request.getNews() ?? new Struct());
  const config = readConfig(news);
  const redact = redactor(secretConfigTexts(config, process.env));
  const isSecret = (name: string) =>
    secret.has(name) || hasSecret(own(news, name));
  const failures = checkConfig(shape, config).map((failure) =>
    toCheckFailure(failure, { isSecret, redact }),
  );
  return new CheckResponse()
    .setInputs(toStruct(hideNames(news, secret)))
    .setFailuresList(failures);
}

function hideNames(
  values: MarkedValues,
  names: ReadonlySet<string>,
): MarkedValues {
  const hide = (name: string, value: Marked) =>
    names.has(name) && !(value instanceof Secret) ? new Secret(value) : value;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, hide(name, value)]),
  );
}

/** A changed configuration is a change that replaces nothing; without it the engine would go on with the old one (engine.md 0.1). */
export function diffProviderConfig(request: DiffRequest): DiffResponse {
  const olds = request.getOldInputs() ?? request.getOlds() ?? new Struct();
  const before = plainValues(fromStruct(olds));
  const after = plainValues(fromStruct(request.getNews() ?? new Struct()));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter(
    (name) => !isSameValue(own(before, name), own(after, name)),
  );
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  return new DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed);
}

/** Takes the configuration as it stands in state; asks nobody. CheckConfig may have run in another process, or never. */
export async function configureProvider(
  session: Session,
  request: ConfigureRequest,
): Promise<ConfigureResponse> {
  const provider = await session.load();
  const config = readConfig(fromStruct(request.getArgs() ?? new Struct()));
  const secrets = secretConfigTexts(config, process.env);
  const failures = checkConfig(provider.config, config);
  if (failures.length > 0) {
    const reasons = failures.map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
    const message = `the provider's configuration cannot be used: ${reasons.join("; ")}`;
    throw new CallFailure(status.UNKNOWN, redactor(secrets)(message));
  }
  session.configure(provider.open(plainValues(config)), secrets);
  return new ConfigureResponse()
    .setAcceptsecrets(true)
    .setSupportspreview(true)
    .setAcceptresources(false)
    .setAcceptoutputs(true);
}
