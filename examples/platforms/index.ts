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
    // this vendor signs each platform's image, and not the index
    coverage: "platforms",
    signedBy: [
      {
        key: { publicKey: config.require("vendorKey"), tlog: "not-required" },
      },
    ],
  },
});

export const ref = image.ref;
