import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";
const destination =
  config.get("destination") ?? "internal.example/mirror/app:1.4.2";

const image = new mirror.MirroredArtifact("app", {
  source,
  destination,
  policy: {
    signedBy: [
      {
        // expands to issuer, identity and certificate extensions; the report shows them
        github: {
          repository: "acme/app",
          workflow: "release.yml",
          ref: "refs/tags/v*",
          trustedRoots: config.getObject<string[]>("trustedRoots"),
        },
      },
    ],
  },
});

export const ref = image.ref;
