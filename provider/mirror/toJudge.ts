import type { Digest } from "../oci/digest";
import { Allowance } from "./allowance";
import { mapBounded } from "./bounded";
import { readLayers, type Ignored, type LayerSearch } from "./evidenceLayers";
import type { Artifact } from "./graph";
import { attestedIn, partsOf, type Attested } from "./inside";
import type {
  Authority,
  Coverage,
  Evidence,
  EvidenceManifest,
  Inside,
  Policy,
  Reach,
  Source,
} from "./ports";

const readsAtOnce = 8;
const statementType = "application/vnd.in-toto+json";

/** Who will judge, and what of an artifact they will want to see. */
export interface Judges {
  readonly authorities: readonly Authority[];
  readonly coverage: Coverage;
  /** whether statements inside the artifact are of use */
  readonly readsInside: boolean;
}

/** What judging by a policy will want to see. */
export function judgesOf({ requirements, coverage }: Policy): Judges {
  return {
    authorities: requirements.flatMap(({ authorities }) => authorities),
    coverage,
    readsInside: requirements.some(({ readsInside }) => readsInside),
  };
}

/** What judges get to see. */
export interface ToJudge {
  readonly evidence: readonly Evidence[];
  readonly inside: readonly Inside[];
  readonly ignored: readonly Ignored[];
}

/** Reads the layers that judges will want to see: of evidence about the root, about each part where those must be covered, and of statements inside the artifact with evidence about what contains them. */
export async function readToJudge(
  artifact: Artifact,
  manifests: readonly EvidenceManifest[],
  asked: Judges & {
    readonly places: readonly [Source, ...Source[]];
    readonly reach: Reach;
  },
): Promise<ToJudge> {
  const { authorities, places, reach } = asked;
  const { attested, ignored } = asked.readsInside
    ? attestedIn(artifact)
    : { attested: [], ignored: [] };
  const allowance = new Allowance();
  const subjects = subjectsOf(artifact, asked.coverage, attested);
  const evidence = await readAll(
    manifests.filter(({ subject }) => subjects.has(subject.digest)),
    {
      reads: (layer) => authorities.some((authority) => authority.reads(layer)),
      allowance,
      reach,
    },
  );
  const statements = await mapBounded(attested, readsAtOnce, (one) =>
    readStatements(one, places[0], { allowance, reach }),
  );
  return {
    evidence: evidence.layers,
    inside: statements.flatMap(({ layers, containers }) => {
      const covers = evidence.layers.filter(({ subject }) =>
        containers.has(subject.digest),
      );
      return layers.map((statement) => ({ statement, covers }));
    }),
    ignored: [
      ...ignored,
      ...evidence.ignored,
      ...statements.flatMap((one) => one.ignored),
    ],
  };
}

/** Whose evidence is read. */
function subjectsOf(
  artifact: Artifact,
  coverage: Coverage,
  attested: readonly Attested[],
): ReadonlySet<Digest> {
  const parts = coverage === "root" ? [] : partsOf(artifact);
  return new Set([
    artifact.root.descriptor.digest,
    ...parts.map(({ node }) => node.descriptor.digest),
    ...attested.flatMap(({ containers }) => [...containers]),
  ]);
}

interface Layers {
  readonly layers: readonly Evidence[];
  readonly ignored: readonly Ignored[];
}

async function readAll(
  manifests: readonly EvidenceManifest[],
  search: LayerSearch,
): Promise<Layers> {
  const read = await mapBounded(manifests, readsAtOnce, (manifest) =>
    readLayers(manifest, search),
  );
  return {
    layers: read.flatMap(({ evidence }) => evidence),
    ignored: read.flatMap(({ ignored }) => ignored),
  };
}

/** BuildKit's bare statements about one part. */
async function readStatements(
  { attestation: node, platform: subject, containers }: Attested,
  from: Source,
  search: Omit<LayerSearch, "reads">,
): Promise<Layers & Pick<Attested, "containers">> {
  const manifest = { subject, node, below: [], via: "child", from } as const;
  const read = await readAll([manifest], {
    ...search,
    reads: ({ mediaType }) => mediaType === statementType,
  });
  return { ...read, containers };
}
