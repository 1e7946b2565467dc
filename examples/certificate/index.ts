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
        certificate: {
          // the company's root; a change of the file is a change of the policy
          roots: ["file:root.pem"],
          identity: "release@acme.example",
          // this authority signs without a public log
          tlog: "not-required",
        },
      },
    ],
  },
});

export const ref = image.ref;
