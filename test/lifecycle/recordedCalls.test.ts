import { status } from "@grpc/grpc-js";
import { isUnknown, secret, toProperties } from "../engine/values";
import { type Answered, recordedRun, type RecordedRun } from "./recordedRun";

type Run = Awaited<ReturnType<typeof recordedRun>>;
let run: Run | undefined;
afterEach(async () => {
  await run?.close();
  run = undefined;
});

const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;

/** The nth answer to a method. */
function answer(
  { answers }: RecordedRun,
  method: Answered["method"],
  nth = 0,
): Answered {
  const found = answers.filter((each) => each.method === method)[nth];
  if (found === undefined) throw new Error(`no ${nth}. ${method}`);
  return found;
}

const inputsOf = ({ response }: Answered) => toProperties(response["inputs"]);
const outputsOf = ({ response }: Answered) =>
  toProperties(response["properties"]);

/** What holds for every answer, in every run (engine.md). */
function expectGoodManners({ answers, log, written }: RecordedRun): void {
  for (const answered of answers) {
    if (answered.error) expect(answered.error.code).toBe(status.UNKNOWN);
    else if (answered.method === "Diff") expectNamesOfPaths(answered);
    else expectRefreshFlag(answered);
  }
  const told = [...log, ...answers.map(({ error }) => error?.message ?? "")];
  expect(told.join("\n")).not.toMatch(/hunter2|BEGIN PUBLIC KEY/);
  const isPreview = answers.some(({ request }) => request["preview"] === true);
  if (isPreview) expect(written).toEqual([]);
}

function expectRefreshFlag({ method, response }: Answered): void {
  if (!["Create", "Update", "Read"].includes(method)) return;
  const isGone = method === "Read" && response["id"] === undefined;
  expect(response["refreshBeforeUpdate"]).toBe(isGone ? undefined : true);
}

function expectNamesOfPaths({ response }: Answered): void {
  const paths = Object.keys(toProperties(response["detailedDiff"] ?? {}));
  const names = paths.map((path) => path.split(/[.[]/)[0]);
  expect(response["diffs"] ?? []).toEqual(expect.arrayContaining(names));
}

async function replayed(scenario: string): Promise<Run> {
  run = await recordedRun(scenario);
  expectGoodManners(run);
  return run;
}

test.each(["noop-up", "five-noop-preview", "upgrade-then-noop"])(
  "%s: where nothing changed nothing differs, and nothing is written",
  async (scenario) => {
    const { answers, written } = await replayed(scenario);
    const diffs = answers.filter(({ method }) => method === "Diff");
    expect(diffs.length).toBeGreaterThan(1);
    for (const { response } of diffs) {
      expect(response).toMatchObject({ changes: "DIFF_NONE" });
    }
    expect(written).toEqual([]);
  },
);

test("first-preview: Check fills the digest of a new resource, the preview shows it, without an id", async () => {
  const all = await replayed("first-preview");
  const digest = all.world.digest(one);
  expect(inputsOf(answer(all, "Check"))).toMatchObject({ digest });
  const created = answer(all, "Create");
  expect(created.response["id"] ?? "").toBe("");
  expect(outputsOf(created)).toMatchObject({ digest });
});

test.each(["first-up", "explicit-provider-up"])(
  "%s: the artifact is at its destination, which is the id",
  async (scenario) => {
    const all = await replayed(scenario);
    const { response, request } = answer(all, "Create");
    const { destination } = toProperties(request["properties"]);
    expect(response["id"]).toBe(destination);
    expect(outputsOf(answer(all, "Create"))).toMatchObject({
      digest: all.world.digest(one),
      ref: expect.stringContaining(all.world.digest(one)),
    });
    expect(all.written.at(-1)).toMatch(/^PUT .*\/manifests\/[^s]/);
  },
);

test.each(["tag-moved-preview", "tag-moved-up"])(
  "%s: the digest is what differs, and it is the new one that is judged",
  async (scenario) => {
    const all = await replayed(scenario);
    const digest = all.world.digest(two);
    expect(inputsOf(answer(all, "Check"))).toMatchObject({ digest });
    const { response } = answer(all, "Diff", 1);
    expect(response).toMatchObject({ changes: "DIFF_SOME", diffs: ["digest"] });
    expect(response["replaces"] ?? []).toEqual([]);
    const kinds = toProperties(response["detailedDiff"]);
    expect(toProperties(kinds["digest"])["inputDiff"] ?? false).toBe(false);
    expect(outputsOf(answer(all, "Update"))).toMatchObject({ digest });
  },
);

test.each([
  ["refusal-create-preview", "Create"],
  ["refusal-create-up", "Create"],
  ["refusal-update-preview", "Update"],
  ["refusal-update-up", "Update"],
] as const)(
  "%s: %s is refused in words that stand alone, and nothing is written",
  async (scenario, method) => {
    const all = await replayed(scenario);
    const { error } = answer(all, method);
    const [firstLine] = error?.message.split("\n") ?? [];
    expect(firstLine).toMatch(/refused.*sha256:/);
    expect(error?.message).toContain("NO_EVIDENCE");
    expect(all.written).toEqual([]);
  },
);

test.each(["replace-preview", "replace-up"])(
  "%s: another destination replaces, and the old copy stays",
  async (scenario) => {
    const all = await replayed(scenario);
    const { response } = answer(all, "Diff", 1);
    expect(response).toMatchObject({ replaces: ["destination"] });
    expect(response["deleteBeforeReplace"] ?? false).toBe(false);
    expect(all.world.destination.tag("mirror/nginx", "1.27")).toBeDefined();
    expect(all.written.filter((one) => one.startsWith("DELETE"))).toEqual([]);
  },
);

test("drift-refresh: what somebody else moved at the destination is seen", async () => {
  const all = await replayed("drift-refresh");
  const seen = outputsOf(answer(all, "Read"));
  expect(seen["digest"]).not.toBe(inputsOf(answer(all, "Read"))["digest"]);
  expect(answer(all, "Diff").response).toMatchObject({
    changes: "DIFF_SOME",
    diffs: expect.arrayContaining(["digest"]),
  });
});

test("drift-repair-up: the tag names again what was checked", async () => {
  const all = await replayed("drift-repair-up");
  const { digest } = outputsOf(answer(all, "Update"));
  expect(digest).toBe(inputsOf(answer(all, "Check"))["digest"]);
  expect(all.world.destination.tag("mirror/other", "1.27")).toBe(digest);
});

test("gone-preview: what is proven absent has no id, and is made again", async () => {
  const all = await replayed("gone-preview");
  expect(answer(all, "Read").response["id"] ?? "").toBe("");
  expect(answer(all, "Create").error).toBeUndefined();
});

test.each(["delete-up", "destroy"])(
  "%s: the copy is kept",
  async (scenario) => {
    const all = await replayed(scenario);
    expect(answer(all, "Delete").error).toBeUndefined();
    expect(all.written).toEqual([]);
  },
);

test.each(["freeze-up", "ignore-changes-up"])(
  "%s: ignoreChanges on the digest holds it",
  async (scenario) => {
    const all = await replayed(scenario);
    const { request, response } = answer(all, "Diff", 1);
    expect(request["ignoreChanges"]).toEqual(["digest"]);
    expect(response).toMatchObject({ changes: "DIFF_NONE" });
  },
);

test("policy-change-preview: the place in the policy is named, and the artifact is judged again", async () => {
  const all = await replayed("policy-change-preview");
  const { response } = answer(all, "Diff", 1);
  expect(response["diffs"]).toContain("policy");
  const paths = Object.keys(toProperties(response["detailedDiff"]));
  for (const path of paths) expect(path).toMatch(/^policy\.signedBy\[\d\]/);
  expect(answer(all, "Update").error).toBeUndefined();
});

test("unknown-preview: what is not known yet is no error, and no guess", async () => {
  const all = await replayed("unknown-preview");
  const created = all.answers.filter(({ method }) => method === "Create");
  for (const { error } of created) expect(error).toBeUndefined();
  const refs = created.map((each) => outputsOf(each)["ref"]);
  expect(refs.some((ref) => isUnknown(ref))).toBe(true);
  expect(refs.some((ref) => typeof ref === "string" && ref.includes("@"))).toBe(
    true,
  );
});

test("unknown-provider-config-strict-preview: it is refused, or the engine would bypass the provider", async () => {
  const all = await replayed("unknown-provider-config-strict-preview");
  const refused = all.answers.filter(
    ({ method, response }) =>
      method === "CheckConfig" && Array.isArray(response["failures"]),
  );
  expect(refused.length).toBeGreaterThan(0);
});

test("provider-config-changed-up: a change of the configuration is one, and replaces nothing", async () => {
  const { response } = answer(
    await replayed("provider-config-changed-up"),
    "DiffConfig",
  );
  expect(response).toMatchObject({ changes: "DIFF_SOME" });
  expect(response["replaces"] ?? []).toEqual([]);
});

test.each(["import-cli", "import-option-preview"])(
  "%s: an id is enough, and inputs come back",
  async (scenario) => {
    const all = await replayed(scenario);
    const { request, response } = answer(all, "Read");
    expect(request["properties"]).toBeUndefined();
    const source = `${all.world.source.host}/library/nginx:1.27`;
    const destination = `${all.world.destination.host}/mirror/nginx:1.27`;
    expect(response).toMatchObject({
      id: destination,
      inputs: { source, destination },
    });
  },
);

test("get-up: Read with empty maps answers what is there", async () => {
  const all = await replayed("get-up");
  const got = answer(all, "Read", 1);
  expect(got.request).toMatchObject({ properties: {}, inputs: {} });
  expect(got.error).toBeUndefined();
  expect(outputsOf(got)).toMatchObject({ digest: all.world.digest(one) });
});

test("secret-up: envelopes stay where they were, at every depth", async () => {
  const all = await replayed("secret-up");
  const key = { publicKey: secret(all.world.signer.publicKeyPem) };
  expect(inputsOf(answer(all, "Check"))).toMatchObject({
    policy: { signedBy: [{ key }] },
    digest: all.world.digest(one),
  });
  expect(JSON.stringify(outputsOf(answer(all, "Create")))).not.toContain(
    "BEGIN PUBLIC KEY",
  );
});

test("cancel-up: a copy in flight ends within two seconds", async () => {
  let stalled: { readonly hits: number } | undefined;
  let cancelledAt = 0;
  run = await recordedRun("cancel-up", {
    before: ({ source }) => {
      stalled = source.misbehave({
        method: "GET",
        path: /\/blobs\//,
        action: { stall: true },
      });
    },
    during: async (method, process) => {
      if (method !== "Create") return;
      const giveUpAt = Date.now() + 30_000;
      while (stalled?.hits === 0 && Date.now() < giveUpAt)
        await new Promise(setImmediate);
      cancelledAt = Date.now();
      await process.call("Cancel", {});
    },
  });
  const { error } = answer(run, "Create");
  expect(Date.now() - cancelledAt).toBeLessThan(2500);
  expect(error?.message).toContain("cancelled");
});
