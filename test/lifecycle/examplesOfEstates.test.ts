import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { onExampleStage, type ExampleStage } from "./exampleStage";

jest.setTimeout(180_000);

const vendor = keySigner();

interface Renovate {
  readonly customManagers: readonly {
    readonly matchStrings: readonly string[];
    readonly packageNameTemplate?: string;
  }[];
}

const estate = readFileSync("examples/estate/estate.yaml", "utf8");
const { customManagers }: Renovate = JSON.parse(
  readFileSync("examples/estate/renovate.json", "utf8"),
);

/** What Renovate finds in a file: where to look, and what is pinned. */
const found = (text: string) =>
  customManagers.flatMap(({ matchStrings, packageNameTemplate }) =>
    matchStrings.flatMap((pattern) =>
      [...text.matchAll(new RegExp(pattern, "g"))].map(({ groups }) => {
        const { depName = "", currentValue, currentDigest } = groups ?? {};
        const packageName = packageNameTemplate?.replace(
          "{{{depName}}}",
          depName,
        );
        return [packageName ?? depName, currentValue, currentDigest];
      }),
    ),
  );

test("Renovate finds every pin of the estate, with the registry to ask, and nothing else", () => {
  const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
  expect(found(estate)).toEqual([
    ["registry.example/charts/podinfo", "6.7.1", digest],
    ["registry.example/acme/app", "1.4.2", digest],
    ["registry.example/acme/worker", "1.4.2", digest],
  ]);
  const pins = estate.match(/@sha256:[0-9a-f]{64}/g) ?? [];
  expect(found(estate)).toHaveLength(pins.length);
});

/** What a pull request of Renovate's does: other pins, and nothing else. */
function withPins(
  text: string,
  pins: Readonly<Record<string, string>>,
): string {
  return Object.entries(pins).reduce(
    (changed, [name, pin]) =>
      changed.replace(
        new RegExp(`(/${name}):[^@\\s]+@sha256:[0-9a-f]{64}`),
        `$1:${pin}`,
      ),
    text,
  );
}

/** The example's file, with the registries of the stage. */
const staged = ({ outside, inside }: ExampleStage, text: string) =>
  text
    .replaceAll("registry.example/", `${outside.host}/`)
    .replace("eu.internal.example/", `${inside.host}/eu/`)
    .replace("us.internal.example/", `${inside.host}/us/`)
    .replace("internal.example/", `${inside.host}/`)
    // an alias whose host has a port stands in quotes
    .replace(/^( {2}\w+): (127\.\S+)$/gm, '$1: "$2"');

test("estate registers its file, shows every refusal behind its gate, and takes what Renovate proposes", () =>
  onExampleStage(async (stage) => {
    const { outside, inside, publish, project, engineOf } = stage;
    const app = await publish("acme/app", "1.4.2", [vendor]);
    const worker = await publish("acme/worker", "1.4.2", [vendor]);
    for (const tag of ["1.9.0", "2.0.0", "2.1.0"])
      await publish("acme/sidecar", tag, [vendor]);
    const podinfo = await put(
      inRegistry(outside, "charts/podinfo"),
      image({ seed: "podinfo" }),
      "6.7.1",
    );
    const pins = {
      app: `1.4.2@${app.digest}`,
      worker: `1.4.2@${worker.digest}`,
      podinfo: `6.7.1@${podinfo.digest}`,
    };
    const folder = project("estate");
    const run = (more: object = {}, config: Record<string, string> = {}) =>
      engineOf(folder, "estate", {
        stateFile: join(folder.path, "state.json"),
        config,
        files: {
          "acme.pub": vendor.publicKeyPem,
          "estate.yaml": staged(stage, withPins(estate, { ...pins, ...more })),
        },
      });
    expect(await run().preview()).toMatchObject({ exitCode: 0 });
    expect(writes(inside.requests)).toEqual([]);
    const mirror = `${inside.host}/mirror`;
    expect(await run().up()).toMatchObject({
      exitCode: 0,
      outputs: {
        images: {
          app: `${mirror}/app@${app.digest}`,
          worker: `${mirror}/worker@${worker.digest}`,
          "worker:1.4": `${mirror}/worker@${worker.digest}`,
          "worker:stable": `${mirror}/worker@${worker.digest}`,
          podinfo: `${mirror}/charts/podinfo@${podinfo.digest}`,
        },
        repositories: {
          sidecar: {
            "2.0.0": expect.any(String),
            "2.1.0": expect.any(String),
          },
        },
      },
    });
    expect(inside.tag("mirror/worker", "stable")).toBe(worker.digest);

    const good = await publish("acme/app", "1.5.0", [vendor]);
    const proposed = { app: `1.5.0@${good.digest}` };
    expect(await run(proposed).up()).toMatchObject({
      exitCode: 0,
      outputs: { images: { app: `${mirror}/app@${good.digest}` } },
    });
    const bad = await publish("acme/worker", "1.5.0", [keySigner()]);
    const stranger = { ...proposed, worker: `1.5.0@${bad.digest}` };
    const gated = await run(stranger, { "estate:gate": "true" }).preview();
    expect(gated.exitCode).toBe(1);
    expect(gated.text).toContain("3 of 6 may not come in");
  }));

test("estate in shards: each stack has its part", () =>
  onExampleStage(async (stage) => {
    const { publish, project, engineOf } = stage;
    const app = await publish("acme/app", "1.4.2", [vendor]);
    const text = estate
      .replace(/^repositories:[^]*/m, "")
      .replace(/^ {2}worker:[^]*?stable\]\n/m, "");
    const folder = project("estate");
    const seen: unknown[] = [];
    for (const index of [0, 1]) {
      const { exitCode, outputs } = await engineOf(folder, "estate", {
        config: { "estate:shard": JSON.stringify({ index, count: 2 }) },
        files: {
          "acme.pub": vendor.publicKeyPem,
          "estate.yaml": staged(
            stage,
            withPins(text, { app: `1.4.2@${app.digest}` }),
          ),
        },
      }).preview();
      expect(exitCode).toBe(0);
      seen.push(...Object.keys(Object(outputs.images)));
    }
    expect(seen).toEqual(["app"]);
  }));

test("regions brings each artifact into each of its regions, and reads it once", () =>
  onExampleStage(async (stage) => {
    const { outside, inside, publish, start } = stage;
    const [app, worker, gdpr] = [
      await publish("acme/app", "1.4.2", [vendor]),
      await publish("acme/worker", "1.4.2", [vendor]),
      await publish("acme/gdpr", "2.0.0", [vendor]),
    ];
    const engine = start("regions", {
      files: {
        "acme.pub": vendor.publicKeyPem,
        "estate.yaml": staged(
          stage,
          readFileSync("examples/regions/estate.yaml", "utf8"),
        ),
      },
    });
    const at = (path: string, { digest }: { readonly digest: string }) =>
      `${inside.host}/${path}@${digest}`;
    const before = outside.requests.length;
    const up = await engine.up();
    expect(up).toMatchObject({
      exitCode: 0,
      outputs: {
        images: {
          "app@eu": at("eu/mirror/app", app),
          "app@us": at("us/mirror/app", app),
          "worker@eu": at("eu/mirror/worker", worker),
          "worker@us": at("us/mirror/jobs/worker", worker),
          gdpr: at("eu/mirror/gdpr", gdpr),
        },
      },
    });
    const reads = outside.requests
      .slice(before)
      .filter(
        ({ method, path }) =>
          method === "GET" &&
          path.endsWith(`/acme/app/manifests/${app.digest}`),
      );
    expect(reads).toHaveLength(1);
    expect(inside.tag("us/mirror/jobs/worker", "1.4.2")).toBe(worker.digest);
  }));
