import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";

const config = new pulumi.Config();

const estate = mirror.estate("estate.yaml", {
  // `pulumi config set --path shard.index 0`: only one part of it is this stack's
  shard: config.getObject("shard"),
  // every refusal at once, before anything is registered
  gate: config.getBoolean("gate"),
});

/** name → the copy, by digest */
export const images = estate.then(({ artifacts }) =>
  Object.fromEntries(
    Object.entries(artifacts).map(([name, { ref }]) => [name, ref]),
  ),
);

/** repository → tag → digest */
export const repositories = estate.then((made) =>
  Object.fromEntries(
    Object.entries(made.repositories).map(([name, { digests }]) => [
      name,
      digests,
    ]),
  ),
);
