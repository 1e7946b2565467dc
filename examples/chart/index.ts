import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/charts/podinfo";
const destination =
  config.get("destination") ?? "internal.example/charts/podinfo";
const version = config.get("version") ?? "6.7.1";

const chart = new mirror.MirroredArtifact("podinfo", {
  source: `${source}:${version}`,
  destination: `${destination}:${version}`,
  policy: {
    signedBy: [
      {
        keyless: {
          issuer: "https://token.actions.githubusercontent.com",
          // RE2, and always compared with the whole identity
          identityPattern:
            "https://github\\.com/acme/podinfo/\\.github/workflows/release\\.yml@refs/tags/.*",
          // only where a sigstore of your own signs; left out, the public one is trusted
          trustedRoots: config.getObject<string[]>("trustedRoots"),
        },
      },
    ],
  },
});

/** `oci://…` without the version, as `helm install` and Pulumi's `helm.v3.Release` take it. */
export const repository = `oci://${destination}`;
export const digest = chart.digest;
export const artifactType = chart.artifactType;
