import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";

// the same judgement as MirroredArtifact's, and nothing is copied
const judged = mirror.verifyArtifactOutput({
  source,
  policy: {
    signedBy: [
      {
        key: { publicKey: config.require("vendorKey"), tlog: "not-required" },
      },
    ],
  },
});

export const outcome = judged.outcome;
export const digest = judged.digest;
export const message = judged.message;
