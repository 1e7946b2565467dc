import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { inBrokenCopy, places, type Breakage } from "./breakages";

const breakages: readonly Breakage[] = [
  {
    rule: "nouns-stand-alone",
    path: "provider/oci/brokenUpward.ts",
    text: 'import type { Send } from "../mirror/ports";\nexport type Broken = Send;\n',
  },
  {
    rule: "nouns-stand-alone",
    path: "provider/oci/brokenPackage.ts",
    text: 'import { z } from "zod";\nexport const broken = z.string();\n',
  },
  {
    rule: "nouns-stand-alone",
    path: "provider/oci/brokenFiles.ts",
    text: 'import { readFileSync } from "node:fs";\nexport const broken = readFileSync;\n',
  },
  {
    rule: "verbs-know-nouns-only",
    path: "provider/mirror/brokenPackage.ts",
    text: 'import { parse } from "yaml";\nexport const broken = parse;\n',
  },
  {
    rule: "verbs-know-nouns-only",
    path: "provider/mirror/brokenShelf.ts",
    text: 'import { broken } from "../selectors/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "verbs-know-nouns-only",
    path: "provider/mirror/brokenDynamic.ts",
    text: 'export const broken = () => import("../selectors/brokenLeaf.js");\n',
  },
  {
    rule: "shelves-know-ports-only",
    path: "provider/verifiers/brokenNeighbour.ts",
    text: 'import { broken } from "../selectors/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "shelves-know-ports-only",
    path: "provider/credentials/brokenUpward.ts",
    text: 'import type { World } from "../resources/world";\nexport type Broken = World;\n',
  },
  {
    rule: "resources-script-verbs",
    path: "provider/resources/brokenStore.ts",
    text: 'import { broken } from "../stores/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "functions-script-verbs",
    path: "provider/functions/brokenHost.ts",
    text: 'import { broken } from "../hosts/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "pulumi-lives-in-hosts",
    path: "provider/resources/brokenPulumi.ts",
    text: 'import type { Output } from "@pulumi/pulumi";\nexport type Broken = Output<string>;\n',
  },
  {
    rule: "pulumi-lives-in-hosts",
    path: "provider/verifiers/brokenWire.ts",
    text: 'import { Struct } from "google-protobuf/google/protobuf/struct_pb";\nexport const broken = Struct;\n',
  },
  {
    rule: "judges-stand-on-readers",
    path: "provider/verifiers/x509/brokenJudge.ts",
    text: 'import { key } from "../authorities/key";\nexport const broken = key;\n',
  },
  {
    rule: "judges-stand-on-readers",
    path: "provider/verifiers/material/brokenPolicy.ts",
    text: 'import type { PolicyInput } from "../policy";\nexport type Broken = PolicyInput;\n',
  },
  {
    rule: "authorities-know-no-requirements",
    path: "provider/verifiers/authorities/brokenRequirement.ts",
    text: 'import type { Asked } from "../requirements/kind";\nexport type Broken = Asked;\n',
  },
  {
    rule: "only-authorities-vouch",
    path: "provider/verifiers/requirements/brokenVouch.ts",
    text: 'import { vouch } from "../../mirror/vouch";\nexport const broken = vouch;\n',
  },
  {
    rule: "floors-know-floors-below",
    path: "provider/stores/registry/wire/brokenPace.ts",
    text: 'import type { Clock } from "../pace/clock";\nexport type Broken = Clock;\n',
  },
  {
    rule: "floors-know-floors-below",
    path: "provider/stores/registry/writing/blobs/brokenManifest.ts",
    text: 'import { putTag } from "../manifests/tags";\nexport const broken = putTag;\n',
  },
  {
    rule: "rooms-know-rooms-before",
    path: "provider/resources/mirroredRepository/choosing/brokenLook.ts",
    text: 'import { silenceOf } from "../looking/silence";\nexport const broken = silenceOf;\n',
  },
  {
    rule: "clouds-know-no-other",
    path: "provider/credentials/google/brokenNeighbour.ts",
    text: 'import { isAwsHost } from "../aws/aws";\nexport const broken = isAwsHost;\n',
  },
  {
    rule: "network-by-reach",
    path: "provider/credentials/brokenSocket.ts",
    text: 'import { connect } from "node:net";\nexport const broken = connect;\n',
  },
  {
    rule: "network-by-reach",
    path: "provider/stores/brokenClient.ts",
    text: 'import { request } from "undici";\nexport const broken = request;\n',
  },
  {
    rule: "network-by-reach",
    path: "provider/verifiers/requirements/plugin/brokenServer.ts",
    text: 'import { createServer } from "node:http";\nexport const broken = createServer;\n',
  },
  {
    rule: "plugins-read-on-loopback",
    path: "provider/verifiers/requirements/plugin/endpoint.ts",
    text: 'import { connect } from "node:net";\nexport const broken = connect;\n',
  },
  {
    rule: "provider-stands-alone",
    path: "provider/hosts/brokenSample.ts",
    text: 'import { broken } from "../../test/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "sdk-runs-on-pulumi-alone",
    path: "sdk/nodejs/brokenProvider.ts",
    text: 'import { broken } from "../../provider/hosts/brokenLeaf";\nexport const again = broken;\n',
  },
  {
    rule: "no-circle",
    path: "provider/selectors/brokenBack.ts",
    text: 'import type { There } from "./brokenLoop";\nexport type Back = There[];\n',
  },
  {
    rule: "no-missing-module",
    path: "provider/hosts/brokenMissing.ts",
    text: 'export * from "./nowhere";\n',
  },
];

const leaf = "export const broken = 1;\n";
const scenery: readonly Breakage[] = [
  { rule: "", path: "provider/selectors/brokenLeaf.ts", text: leaf },
  { rule: "", path: "provider/stores/brokenLeaf.ts", text: leaf },
  { rule: "", path: "provider/hosts/brokenLeaf.ts", text: leaf },
  { rule: "", path: "test/brokenLeaf.ts", text: leaf },
  {
    rule: "",
    path: "provider/selectors/brokenLoop.ts",
    text: 'import type { Back } from "./brokenBack";\nexport type There = Back | string;\n',
  },
  {
    rule: "",
    path: "provider/verifiers/authorities/soundVouch.ts",
    text: 'import { vouch } from "../../mirror/vouch";\nexport const sound = vouch;\n',
  },
];

const Report = z.object({
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

function cruise(folder: string): readonly string[] {
  const { stdout, stderr } = spawnSync(
    join(places.bin, "depcruise"),
    ["--config", places.layers, "--output-type", "json", "provider", "sdk"],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (stdout === "") throw new Error(stderr);
  return Report.parse(JSON.parse(stdout)).summary.violations.map(
    ({ from, rule }) => `${rule.name}: ${from}`,
  );
}

describe("the layers", () => {
  let violations: readonly string[] = [];
  beforeAll(() => {
    violations = inBrokenCopy([...breakages, ...scenery], cruise);
  });

  test.each(breakages)("$path is refused by $rule", ({ rule, path }) => {
    expect(violations).toContain(`${rule}: ${path}`);
  });

  test("every rule has a breakage", async () => {
    const { forbidden } = z
      .object({ forbidden: z.array(z.object({ name: z.string() })) })
      .parse(await import(places.layers));
    const names = new Set(breakages.map(({ rule }) => rule));
    expect(
      forbidden.map(({ name }) => name).filter((name) => !names.has(name)),
    ).toEqual([]);
  });

  test("authorities may vouch", () => {
    expect(
      violations.filter((violation) => violation.includes("soundVouch")),
    ).toEqual([]);
  });
});
