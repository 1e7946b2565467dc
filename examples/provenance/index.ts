import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";
const destination =
  config.get("destination") ?? "internal.example/mirror/app:1.4.2";

const builder = {
  keyless: {
    issuer: "https://token.actions.githubusercontent.com",
    identityPattern:
      "https://github\\.com/acme/app/\\.github/workflows/release\\.yml@refs/tags/v.*",
    trustedRoots: config.getObject<string[]>("trustedRoots"),
  },
};

const image = new mirror.MirroredArtifact("app", {
  source,
  destination,
  policy: {
    provenance: [
      {
        by: [builder],
        builderId: "https://github.com/acme/app/.github/workflows/release.yml",
        sourceUri: "https://github.com/acme/app",
        // the tag that was built, as a semver range
        sourceVersion: "^1.4.0",
      },
    ],
  },
});

export const ref = image.ref;
