import {
  bytesOf,
  described,
  emptyConfig,
  image,
  index,
  manifest,
} from "./artifacts";
import type { Sample } from "./target";

/** A Helm chart as `helm push` writes it. */
export function chart(name = "app", version = "1.0.0"): Sample {
  const config = { name, version, apiVersion: "v2", type: "application" };
  return manifest({
    config: {
      mediaType: "application/vnd.cncf.helm.config.v1+json",
      bytes: Buffer.from(JSON.stringify(config)),
    },
    layers: [
      {
        mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        bytes: bytesOf(`chart/${name}/${version}`, 2000),
      },
    ],
    annotations: { "org.opencontainers.image.title": name },
  });
}

/** A WebAssembly module. */
export function wasm(seed = "wasm"): Sample {
  const config = { architecture: "wasm", os: "wasip1", layerDigests: [] };
  return manifest({
    config: {
      mediaType: "application/vnd.wasm.config.v0+json",
      bytes: Buffer.from(JSON.stringify(config)),
    },
    layers: [{ mediaType: "application/wasm", bytes: bytesOf(seed, 3000) }],
  });
}

/** An artifact of a type that nobody knows, with the empty config. */
export function unknownArtifact(
  artifactType = "application/vnd.example.thing+json",
  options: {
    readonly seed?: string;
    readonly subject?: Sample["descriptor"];
  } = {},
): Sample {
  const thing = { thing: options.seed ?? "one" };
  return manifest({
    artifactType,
    config: emptyConfig,
    layers: [
      { mediaType: artifactType, bytes: Buffer.from(JSON.stringify(thing)) },
    ],
    subject: options.subject,
  });
}

/** An SPDX document as an artifact of its own, perhaps about a subject. */
export function sbomArtifact(
  subject?: Sample["descriptor"],
  name = "app",
): Sample {
  const document = { spdxVersion: "SPDX-2.3", name, packages: [] };
  return manifest({
    artifactType: "application/spdx+json",
    config: emptyConfig,
    layers: [
      {
        mediaType: "application/spdx+json",
        bytes: Buffer.from(JSON.stringify(document)),
      },
    ],
    subject,
  });
}

/** An index as buildx writes it: one image, and its unsigned provenance as an `unknown/unknown` entry. */
export function buildxIndex(seed = "buildx"): Sample {
  const main = image({ seed });
  const hex = main.descriptor.digest.slice("sha256:".length);
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.2",
    subject: [{ name: "pkg:docker/app", digest: { sha256: hex } }],
    predicate: {
      builder: { id: "" },
      buildType: "https://mobyproject.org/buildkit@v1",
    },
  };
  const attestation = manifest({
    platform: "unknown/unknown",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      bytes: Buffer.from(
        JSON.stringify({
          architecture: "unknown",
          os: "unknown",
          config: {},
          rootfs: { type: "layers", diff_ids: [] },
        }),
      ),
    },
    layers: [
      {
        mediaType: "application/vnd.in-toto+json",
        bytes: Buffer.from(JSON.stringify(statement)),
        annotations: { "in-toto.io/predicate-type": statement.predicateType },
      },
    ],
  });
  return index([
    main,
    described(attestation, {
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": main.descriptor.digest,
      },
    }),
  ]);
}
