import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const source = config.get("source") ?? "registry.example/acme/app";
const destination = config.get("destination") ?? "internal.example/mirror/app";

const app = new mirror.MirroredRepository("app", {
  source,
  destination,
  tags: {
    mode: "semver",
    range: config.get("range") ?? ">=1.4 <3",
    // this release was withdrawn
    exclude: ["1\\.5\\.0"],
  },
  policy: {
    signedBy: [
      {
        key: { publicKey: config.require("vendorKey"), tlog: "not-required" },
      },
    ],
  },
  // a tag that the vendor moves follows, if what it names then is signed as well
  replaceTag: "verified",
  // what is no longer chosen goes, and never more than three tags at a time
  prune: "untag",
  maxPrune: 3,
});

/** tag → what deployments should use */
export const images = pulumi
  .all([app.repository, app.digests])
  .apply(([repository, digests]) =>
    Object.fromEntries(
      Object.entries(digests).map(([tag, digest]) => [
        tag,
        `${repository}@${digest}`,
      ]),
    ),
  );
/** in counts: how many tags there are, were chosen, refused, or dropped by which rule */
export const selection = app.selection;
