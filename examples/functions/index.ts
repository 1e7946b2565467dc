import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();
const registry = config.get("registry") ?? "registry.example";
const repository = config.get("repository") ?? "acme/app";
const tag = config.get("tag") ?? "1.4.2";
const source = `${registry}/${repository}:${tag}`;

// nothing here is declared, copied or written: a preview answers everything
const catalog = mirror.getCatalogOutput({ registry });
const tags = mirror.getTagsOutput({
  source: `${registry}/${repository}`,
  tags: { mode: "highest" },
});
const artifact = mirror.getArtifactOutput({ source });
const referrers = mirror.getReferrersOutput({ source });
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

/** what the registry has */
export const repositories = catalog.repositories;
/** each tag: chosen, or dropped by which rule */
export const choice = tags.tags;
/** what the reference is */
export const digest = artifact.digest;
export const kind = artifact.kind;
export const platforms = artifact.platforms;
/** everything that was said about it, drawn as a tree */
export const tree = referrers.tree;
/** what the policy says, and why */
export const outcome = judged.outcome;
export const message = judged.message;
