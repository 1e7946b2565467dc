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
        notation: {
          // the files that notation itself reads
          trustPolicy: "file:trustpolicy.json",
          trustStores: { ca: { acme: ["file:acme.pem"] } },
        },
      },
    ],
  },
});

export const ref = image.ref;
