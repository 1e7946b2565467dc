import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";

const repository = new aws.ecr.Repository("app", { name: "mirror/app" });

const app = new mirror.MirroredArtifact("app", {
  source,
  destination: pulumi.interpolate`${repository.repositoryUrl}:1.4.2`,
  policy: {
    // this vendor's signatures are in no transparency log
    signedBy: [
      { key: { publicKey: config.require("vendorKey"), tlog: "not-required" } },
    ],
  },
});

/** What a deployment should use: the copy, by digest. */
export const image = app.ref;
/** Who vouched for it. */
export const signers = app.verification.apply((verdict) =>
  verdict?.requirements.flatMap((requirement) => requirement.signers),
);
