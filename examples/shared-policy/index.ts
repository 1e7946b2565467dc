import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const vendor = config.get("vendor") ?? "registry.example/acme";
const internal = config.get("internal") ?? "internal.example/mirror";

const corporate = new mirror.Provider("corporate", {
  policies: {
    // two of three must have signed
    vendors: {
      signedBy: config
        .requireObject<string[]>("vendorKeys")
        // their signatures are in no transparency log
        .map((publicKey) => ({ key: { publicKey, tlog: "not-required" } })),
      threshold: 2,
    },
  },
  // a floor that no resource can lower
  allowUnverified: false,
  registries: config.getObject("registries"),
});

const tags = { app: "1.4.2", worker: "1.4.2" };

/** name → the copy, by digest */
export const images = Object.fromEntries(
  Object.entries(tags).map(([name, tag]) => {
    const artifact = new mirror.MirroredArtifact(
      name,
      {
        source: `${vendor}/${name}:${tag}`,
        destination: `${internal}/${name}:${tag}`,
        policy: { use: "vendors" },
      },
      { provider: corporate },
    );
    return [name, artifact.ref];
  }),
);
