import { recordedCalls } from "./recording";
import type { Engine } from "./engine";
import type { Report } from "./report";
import type { Checkpoint, Provider, Resource } from "./state";
import { packageOf, typeOf } from "./urn";
import { toProperties, unknownValue } from "./values";

/** How a recorded scenario is run again. */
export interface Scenario {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: (engine: Engine) => Promise<Report>;
  /** Several resources, and one fails: how far the others got is chance, so they are compared up to there. */
  readonly stopsOthers?: true;
}

const type = "artifact-mirror:index:MirroredArtifact";
const preview = (engine: Engine): Promise<Report> => engine.preview();
const up = (engine: Engine): Promise<Report> => engine.up();
const scenario = (
  name: string,
  run: Scenario["run"],
  env: Scenario["env"] = {},
): Scenario => ({ name, run, env });

const other = { AM_DEST: "reg.acme.test/other:1.27" };
const four = { AM_PROG: "./p-four.js" };
const imported = { AM_PROG: "./p-imp.js" };
const importId = "docker.io/library/nginx:1.27=>reg.acme.test/nginx:1.27";
const importing = { ...imported, AM_IMPORT: importId };
const unknowns = { AM_PROG: "./p-unknown.js" };
const secrets = { AM_PROG: "./p-secret.js" };
const explicit = { AM_PROG: "./p-expl.js" };
const policies = {
  AM_PROG: "./p-pol.js",
  AM_POL: JSON.stringify({
    signedBy: [
      {
        keyless: {
          issuer: "https://issuer",
          identity: "https://github.com/acme/app2",
        },
      },
      { key: { publicKey: "PEM2" } },
      { key: { publicKey: "NEW" } },
    ],
  }),
};
const five = { AM_PROG: "./p-many.js", AM_N: "5" };

/** Every recorded scenario; the engine can run them all. */
export const scenarios: readonly Scenario[] = [
  scenario("first-preview", preview),
  scenario("first-up", up),
  scenario("noop-up", up),
  scenario("tag-moved-preview", preview),
  scenario("tag-moved-up", up),
  scenario("refusal-update-preview", preview),
  scenario("refusal-update-up", up),
  scenario("replace-preview", preview, other),
  scenario("replace-up", up, other),
  scenario("refresh", (engine) => engine.refresh()),
  scenario("drift-refresh", (engine) => engine.refresh()),
  scenario("drift-repair-up", up, other),
  scenario("gone-preview", preview, other),
  scenario("gone-up", up, other),
  scenario("delete-up", up, { AM_PROG: "./p-empty.js" }),
  scenario("refusal-create-preview", preview),
  scenario("refusal-create-up", up),
  { ...scenario("refusal-many-preview", preview, four), stopsOthers: true },
  scenario(
    "continue-on-error-up",
    (engine) => engine.up({ continueOnError: true }),
    four,
  ),
  { ...scenario("checkfailure-preview", preview, four), stopsOthers: true },
  scenario("import-option-preview", preview, importing),
  scenario("import-option-up", up, importing),
  scenario("get-up", up, { ...imported, AM_GET: "reg.acme.test/nginx:1.27" }),
  scenario("import-cli", (engine) =>
    engine.importResource(type, "nginx", importId),
  ),
  scenario("after-import-preview", preview, imported),
  scenario("unknown-preview", preview, unknowns),
  scenario("unknown-up", up, unknowns),
  scenario("secret-up", up, secrets),
  scenario("secret-change-up", up, { ...secrets, AM_TOK: "changed" }),
  scenario("secret-not-accepted-up", up, secrets),
  scenario("policy-change-preview", preview, policies),
  scenario("unknown-provider-config-preview", preview, {
    ...explicit,
    AM_UNK: "1",
  }),
  scenario("unknown-provider-config-strict-preview", preview, {
    ...explicit,
    AM_UNK: "1",
  }),
  scenario("explicit-provider-up", up, explicit),
  scenario("provider-config-changed-up", up, {
    ...explicit,
    AM_REG: '[{"host":"b"}]',
  }),
  scenario("init-failed-up", up),
  scenario("init-failed-next-up", up),
  scenario("read-unhealthy-preview", preview),
  scenario("read-error-preview", preview),
  scenario("ignore-changes-up", up, { AM_IGNORE: "digest" }),
  scenario("destroy", (engine) => engine.destroy()),
  scenario("partial-unknown-preview", preview, { AM_PROG: "./p-part.js" }),
  scenario("partial-unknown-update-preview", preview, {
    AM_PROG: "./p-part.js",
  }),
  scenario("upgrade-preview", preview, { AM_VER: "0.2.0" }),
  scenario("upgrade-up", up, { AM_VER: "0.2.0" }),
  scenario("upgrade-then-noop", preview, { AM_VER: "0.2.0" }),
  scenario("freeze-up", up, { AM_IGNORE: "digest" }),
  scenario("five-noop-preview", preview, five),
  scenario(
    "targeted-preview",
    (engine) => engine.preview({ targets: ["a3"] }),
    five,
  ),
  scenario("cancel-up", up),
];

/** The state before a recorded run, as far as the run shows it: what was read, by which provider. */
export function stateBefore(name: string): Checkpoint {
  const calls = recordedCalls(name).filter((call) => call.to === "provider");
  const providers: Record<string, Provider> = {};
  const configured = new Map<number, string>();
  for (const { method, instance, request } of calls) {
    const { urn, id, args } = request;
    const checked = calls.some(
      (one) => one.instance === instance && one.method === "CheckConfig",
    );
    if (method !== "Configure" || checked || id === unknownValue) continue;
    providers[String(urn)] = {
      id: String(id),
      inputs: toProperties(args ?? {}),
    };
    configured.set(instance, `${urn}::${id}`);
  }
  const [reference] = configured.values();
  const read = calls.flatMap(({ method, instance, request }): Resource[] => {
    const provider = configured.get(instance);
    const { urn, properties } = request;
    if (method !== "Read" || provider === undefined || urn === undefined)
      return [];
    if (Object.keys(toProperties(properties ?? {})).length === 0) return [];
    return [resource(name, request, provider)];
  });
  const stack = "urn:pulumi:t::mirror::pulumi:pulumi:Stack::mirror-t";
  const root = { ...nothing, urn: stack, id: "", custom: false };
  const all = [...read, ...untouched(name, read, reference)];
  return {
    providers,
    resources: all.length === 0 ? [] : [root, ...all],
    pendingOperations: [],
  };
}

const nothing = {
  inputs: {},
  outputs: {},
  dependencies: [],
  ignoreChanges: [],
};

function resource(
  name: string,
  { urn, id, properties, inputs }: ReturnType<typeof toProperties>,
  provider: string,
): Resource {
  const diff = recordedCalls(name).find(
    (call) => call.method === "Diff" && call.request["urn"] === urn,
  );
  const ignored = diff?.request["ignoreChanges"];
  return {
    ...nothing,
    urn: String(urn),
    id: String(id),
    custom: true,
    outputs: toProperties(properties ?? {}),
    inputs: toProperties(inputs ?? {}),
    provider,
    ignoreChanges: Array.isArray(ignored) ? ignored.map(String) : [],
    refreshBeforeUpdate: true,
  };
}

/** With `--target` the others are not read, but they stand in state: the run before shows them. */
function untouched(
  name: string,
  read: readonly Resource[],
  provider: string | undefined,
): readonly Resource[] {
  if (name !== "targeted-preview" || provider === undefined) return [];
  return stateBefore("five-noop-preview")
    .resources.filter(
      ({ urn }) =>
        packageOf(typeOf(urn)) === "artifact-mirror" &&
        read.every((one) => one.urn !== urn),
    )
    .map((one) => ({ ...one, provider }));
}
