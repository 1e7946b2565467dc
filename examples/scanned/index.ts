import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app:1.4.2";
const destination =
  config.get("destination") ?? "internal.example/mirror/app:1.4.2";

const vendor = { key: { publicKey: config.require("vendorKey") } };
const scanner = {
  key: {
    publicKey: config.require("scannerKey"),
    trustedRoots: config.getObject<string[]>("trustedRoots"),
  },
};

const image = new mirror.MirroredArtifact("app", {
  source,
  destination,
  policy: {
    attestations: [
      {
        type: "vuln",
        by: [scanner],
        // by the time that the log proves, not by what the scan says of itself
        maxAge: "7d",
        // the newest decides: an old clean scan does not hide a new one
        match: "latest",
        where: "predicate.scanner.result.summary.critical == 0",
      },
      // only shown, until the vendor delivers one
      { type: "spdxjson", by: [vendor], mode: "warn" },
    ],
  },
});

export const ref = image.ref;
