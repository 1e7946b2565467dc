import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";
const destination =
  config.get("destination") ?? "internal.example/mirror/app:1.4.2";

const corporate = new mirror.Provider("corporate", {
  // only from here may code come
  allowedPlugins: [config.get("allowed") ?? "registry.example/plugins/*"],
  registries: config.getObject("registries"),
});

const image = new mirror.MirroredArtifact(
  "app",
  {
    source,
    destination,
    policy: {
      signedBy: [
        {
          key: { publicKey: config.require("vendorKey"), tlog: "not-required" },
        },
      ],
      plugins: [
        {
          artifact: config.require("plugin"), // repository@sha256:…
          artifactTypes: ["application/spdx+json"],
          config: { disallowedLicenses: ["AGPL-3.0-only"] },
        },
      ],
    },
  },
  { provider: corporate },
);

export const ref = image.ref;
