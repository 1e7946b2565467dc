import { type Blob, emptyConfig, manifest } from "./artifacts";
import type { Sample, SampleDescriptor } from "./target";

/** What licences are checked in. */
export const spdxType = "application/spdx+json";

/** A plugin that Node runs: the body sees `env`, the parsed stdin as `stdin`, and says its word by `answer({…})`. */
export function pluginScript(body: string): Buffer {
  return Buffer.from(`#!${process.execPath}
const { env } = process;
const http = require("node:http");
const answer = (result) => process.stdout.write(JSON.stringify(result) + "\\n");
const yes = (message = "fine") => answer({ isSuccess: true, message });
const no = (message) => answer({ isSuccess: false, message });
const [host, ...rest] = env.RATIFY_VERIFIER_SUBJECT.split("/");
const [name, subject] = rest.join("/").split("@");
const ask = (path, method = "GET") => new Promise((resolve, reject) => {
  http.request("http://" + host + path, { method }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => resolve({
      status: response.statusCode,
      headers: response.headers,
      text: Buffer.concat(chunks).toString(),
    }));
  }).on("error", reject).end();
});
const get = (rest, method) => ask("/v2/" + name + "/" + rest, method);
let text = "";
process.stdin.on("data", (chunk) => { text += chunk; });
process.stdin.on("end", async () => {
  const stdin = JSON.parse(text);
  ${body}
});
`);
}

/** A plugin that reads the first layer of its referrer through the registry it is told, and lets it in unless it names the GPL. */
export const licenseScript = pluginScript(`
  const manifest = await get("manifests/" + stdin.referenceDesc.digest);
  const [layer] = JSON.parse(manifest.text).layers;
  const { text: document } = await get("blobs/" + layer.digest);
  if (document.includes("GPL")) no("the GPL is not allowed");
  else yes("all licences are allowed");
`);

/** A plugin as \`oras push REPOSITORY ./plugin\` makes it. */
export function pluginArtifact(
  program: Buffer,
  layer: Partial<Blob> = {},
  platform?: string,
): Sample {
  return manifest({
    artifactType: "application/vnd.unknown.artifact.v1",
    config: emptyConfig,
    layers: [
      {
        mediaType: "application/vnd.oci.image.layer.v1.tar",
        bytes: program,
        annotations: { "org.opencontainers.image.title": "plugin" },
        ...layer,
      },
    ],
    ...(platform !== undefined && { platform }),
  });
}

/** Something that refers to a subject. */
export function referrer(
  subject: SampleDescriptor,
  content: string | Buffer,
  artifactType = spdxType,
): Sample {
  return manifest({
    artifactType,
    config: emptyConfig,
    layers: [{ mediaType: artifactType, bytes: Buffer.from(content) }],
    subject,
  });
}
