import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  openRatify,
  ratifyPlugin,
  ratifyPlugins,
  type RatifyCase,
  type RatifyHouse,
} from "./ratify";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;
const spdx = "application/spdx+json";
const sarif = "application/sarif+json";
const tagValue = "application/vnd.ratify.spdx.v0";
const report = "application/vnd.acme.report+json";

const spdxDocument = (license: string) =>
  JSON.stringify({
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "app",
    documentNamespace: "https://acme.example/app",
    creationInfo: {
      created: "2026-11-01T00:00:00Z",
      creators: ["Tool: hand"],
    },
    packages: [
      {
        name: "left-pad",
        SPDXID: "SPDXRef-left-pad",
        versionInfo: "1.3.0",
        downloadLocation: "NOASSERTION",
        licenseConcluded: license,
        licenseDeclared: license,
        copyrightText: "NOASSERTION",
      },
    ],
  });

const tagValueDocument = (license: string) =>
  [
    "SPDXVersion: SPDX-2.3",
    "DataLicense: CC0-1.0",
    "SPDXID: SPDXRef-DOCUMENT",
    "DocumentName: app",
    "DocumentNamespace: https://acme.example/app",
    "Creator: Tool: hand",
    "Created: 2026-11-01T00:00:00Z",
    "",
    "PackageName: left-pad",
    "SPDXID: SPDXRef-left-pad",
    "PackageDownloadLocation: NOASSERTION",
    "FilesAnalyzed: false",
    `PackageLicenseConcluded: ${license}`,
    `PackageLicenseDeclared: ${license}`,
    "PackageCopyrightText: NOASSERTION",
    "",
  ].join("\n");

const sarifDocument = (severity: string) =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Trivy",
            rules: [
              {
                id: "CVE-2026-1",
                help: {
                  text: `Vulnerability CVE-2026-1\nSeverity: ${severity}`,
                },
              },
            ],
          },
        },
        results: [
          {
            ruleId: "CVE-2026-1",
            ruleIndex: 0,
            level: "error",
            message: { text: `Package: left-pad\nSeverity: ${severity}` },
          },
        ],
      },
    ],
  });

const created = { "org.opencontainers.image.created": "2026-11-01T00:00:00Z" };
const folder = mkdtempSync(join(tmpdir(), "schemas-"));
const schema = join(folder, "report.json");
writeFileSync(
  schema,
  JSON.stringify({ type: "object", required: ["verdict"] }),
);
const schemas = { [report]: pathToFileURL(schema).href };

interface Judged extends RatifyCase {
  readonly title: string;
}

const good: readonly Judged[] = [
  {
    title: "any SPDX document",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("GPL-3.0-only"),
  },
  {
    title: "without the licence that is forbidden",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("MIT"),
    config: { disallowedLicenses: ["GPL-3.0-only"] },
  },
  {
    title: "in the version of its pre-release",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("MIT"),
    words: { version: "2.0.0-alpha.1" },
  },
  {
    title: "a report without what is forbidden",
    plugin: "vulnerabilityreport",
    artifactType: sarif,
    document: sarifDocument("LOW"),
    annotations: created,
    config: {
      disallowedSeverities: ["critical"],
      denylistCVEs: ["CVE-2026-2"],
    },
  },
  {
    title: "a report of the right shape",
    plugin: "schemavalidator",
    artifactType: report,
    document: '{"verdict":"fine"}',
    config: { schemas },
  },
  {
    title: "licences that are allowed",
    plugin: "licensechecker",
    artifactType: tagValue,
    document: tagValueDocument("MIT"),
    config: { allowedLicenses: ["MIT"] },
  },
];

const bad: readonly (Judged & { readonly says: string })[] = [
  {
    title: "a licence that is forbidden",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("GPL-3.0-only"),
    config: { disallowedLicenses: ["GPL-3.0-only"] },
    says: '"licenseViolations":[{"License":"GPL-3.0-only","Name":"left-pad"',
  },
  {
    title: "a package that is forbidden",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("MIT"),
    config: { disallowedPackages: [{ name: "left-pad", version: "1.3.0" }] },
    says: '"packageViolations":[{"License":"MIT","Name":"left-pad"',
  },
  {
    title: "no SPDX document",
    plugin: "sbom",
    artifactType: spdx,
    document: "no JSON",
    says: "failed to verify artifact: sbom",
  },
  {
    title: "a version it does not speak",
    plugin: "sbom",
    artifactType: spdx,
    document: spdxDocument("MIT"),
    words: { version: "9.9.9" },
    says: "plugin doesn't support version 9.9.9",
  },
  {
    title: "a severity that is forbidden",
    plugin: "vulnerabilityreport",
    artifactType: sarif,
    document: sarifDocument("CRITICAL"),
    annotations: created,
    config: { disallowedSeverities: ["critical"] },
    says: "Found disallowed severities",
  },
  {
    title: "a CVE that is forbidden",
    plugin: "vulnerabilityreport",
    artifactType: sarif,
    document: sarifDocument("LOW"),
    annotations: created,
    config: { denylistCVEs: ["CVE-2026-1"] },
    says: "Found denied CVEs",
  },
  {
    title: "a report that is too old",
    plugin: "vulnerabilityreport",
    artifactType: sarif,
    document: sarifDocument("LOW"),
    annotations: { "org.opencontainers.image.created": "2020-01-01T00:00:00Z" },
    config: { maximumAge: "24h" },
    says: "Report is older than maximum age:[24h]",
  },
  {
    title: "a report without its time",
    plugin: "vulnerabilityreport",
    artifactType: sarif,
    document: sarifDocument("LOW"),
    says: "Failed to create timestamp annotation",
  },
  {
    title: "a report of another shape",
    plugin: "schemavalidator",
    artifactType: report,
    document: "{}",
    config: { schemas },
    says: "verdict is required",
  },
  {
    title: "a media type without a schema",
    plugin: "schemavalidator",
    artifactType: report,
    document: "{}",
    config: { schemas: {} },
    says: "media type not configured",
  },
  {
    title: "a licence that is not allowed",
    plugin: "licensechecker",
    artifactType: tagValue,
    document: tagValueDocument("GPL-3.0-only"),
    config: { allowedLicenses: ["MIT"] },
    says: "[{left-pad GPL-3.0-only}]",
  },
  {
    title: "no document it can read",
    plugin: "licensechecker",
    artifactType: tagValue,
    document: "no tags",
    config: { allowedLicenses: ["MIT"] },
    says: "no colon found in 'no tags'",
  },
];

describeWithGo(
  "Ratify's own plugins, unchanged, from a private registry",
  () => {
    let house: RatifyHouse;

    beforeAll(async () => {
      for (const plugin of ratifyPlugins) ratifyPlugin(plugin);
      house = await openRatify();
    }, installing);

    afterAll(async () => {
      await house?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each(good)("$plugin passes: $title", async (wanted) => {
      const { verification } = await house.judge(wanted);
      expect(verification).toMatchObject({
        requirements: expect.arrayContaining([
          expect.objectContaining({ name: "plugins[0]", outcome: "passed" }),
        ]),
      });
    });

    test.each(bad)("$plugin refuses: $title", async ({ says, ...wanted }) => {
      await expect(house.judge(wanted)).rejects.toThrow(says);
    });
  },
);
