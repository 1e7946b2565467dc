import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const tag = "1.4.2";
const layout = `oci:${config.get("folder") ?? "./carried"}:${tag}`;

/** Each side has its own stack: "outside" fills the folder, "inside" empties it into its registry. */
const side = config.require("side");
const from = config.get("source") ?? `registry.example/acme/app:${tag}`;
const to = config.get("destination") ?? `internal.example/mirror/app:${tag}`;

const app = new mirror.MirroredArtifact("app", {
  source: side === "outside" ? from : layout,
  destination: side === "outside" ? layout : to,
  // the same policy on both sides: whoever carried the folder need not be trusted
  policy: {
    // this vendor's signatures are in no transparency log
    signedBy: [
      { key: { publicKey: config.require("vendorKey"), tlog: "not-required" } },
    ],
  },
});

export const image = app.ref;
export const digest = app.digest;
