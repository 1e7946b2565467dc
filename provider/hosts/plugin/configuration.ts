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
import type { Failure, Values } from "../../mirror/lifecycle";
import { readConfig, secretConfigTexts, unknownFailures } from "../configText";
import {
  encodeValues,
  hasSecret,
  type Marked,
  type MarkedValues,
  overlayValues,
  own,
  plainValues,
  Secret,
} from "../marked";
import { redactor } from "../redact";
import { isSameValue } from "../sameValue";
import { CallFailure } from "./failure";
import { toCheckFailure } from "./replies";
import type { Provider, Session } from "./session";
import { fromStruct, toStruct } from "./wire";

/** Refuses what the shape does not know, and unknown values: with one of them the engine would bypass the provider (engine.md 4). */
export async function checkProviderConfig(
  session: Session,
  request: CheckRequest,
): Promise<CheckResponse> {
  const provider = await session.load();
  const news = fromStruct(request.getNews() ?? new Struct());
  const config = readConfig(news);
  const redact = redactor(secretConfigTexts(config, process.env));
  const isSecret = (name: string) =>
    !provider.openConfig.has(name) || hasSecret(own(news, name));
  const pinned = await pinnedOrFailed(provider, config);
  const failures = pinned.failures.map((failure) =>
    toCheckFailure(failure, { isSecret, redact }),
  );
  const hidden = Object.keys(config).filter(
    (name) => isSecret(name) && !(news[name] instanceof Secret),
  );
  const laid = { ...news, ...asWritten(news, config, pinned.changes) };
  const wrapped = hidden.map((name) => [name, new Secret(laid[name])] as const);
  return new CheckResponse()
    .setInputs(toStruct({ ...laid, ...Object.fromEntries(wrapped) }))
    .setFailuresList(failures);
}

/** What Check changes in a configuration: files of trust material get their digest. */
async function pinnedOrFailed(
  provider: Provider,
  config: MarkedValues,
): Promise<{ changes: Values; failures: readonly Failure[] }> {
  const failures = failuresOf(provider, config);
  if (failures.length > 0) return { changes: {}, failures };
  return provider.pin(plainValues(config));
}

/** The changes in the form in which the members came: as JSON texts, or as they are. */
function asWritten(
  news: MarkedValues,
  config: MarkedValues,
  changes: Values,
): MarkedValues {
  const changed = overlayValues(config, changes);
  const written = Object.keys(changes).map(
    (name) => [name, likeGiven(own(news, name), changed[name])] as const,
  );
  return Object.fromEntries(written);
}

function likeGiven(given: Marked, value: Marked): Marked {
  if (given instanceof Secret) {
    const inside = value instanceof Secret ? value.value : value;
    return new Secret(likeGiven(given.value, inside));
  }
  return typeof given === "string" ? jsonOf(value) : value;
}

const jsonOf = (value: Marked): string =>
  JSON.stringify(encodeValues({ value })["value"]);

function failuresOf(
  provider: Provider,
  config: MarkedValues,
): readonly Failure[] {
  const unknown = unknownFailures(config);
  return unknown.length > 0 ? unknown : provider.check(plainValues(config));
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
  const failures = failuresOf(provider, config);
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
