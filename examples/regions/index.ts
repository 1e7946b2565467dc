import * as mirror from "pulumi-artifact-mirror";

const estate = mirror.estate("estate.yaml");

/** name@region → the copy there, by digest */
export const images = estate.then(({ artifacts }) =>
  Object.fromEntries(
    Object.entries(artifacts).map(([name, { ref }]) => [name, ref]),
  ),
);
