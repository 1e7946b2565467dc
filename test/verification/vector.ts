import type { Evidence, Reach, Verdict } from "../../provider/mirror/ports";
import { digestOf, parseDigest } from "../../provider/oci/digest";
import { parseManifest } from "../../provider/oci/manifest";
import type { PolicyInput } from "../../provider/verifiers/policy";
import { preparePolicy } from "../../provider/verifiers/preparePolicy";
import { networkOf } from "../samples/revocation";
import { contextOf, judgedOf } from "../unit/verifiers/world";

/** One layer of evidence about the subject. */
export interface VectorEvidence {
  readonly via: Evidence["via"];
  readonly artifactType: string;
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** base64 */
  readonly bytes: string;
}

/** A policy, evidence, and what has to become of them at a moment. */
export interface Vector {
  readonly name: string;
  /** a text `@name` in it stands for one of the file's texts */
  readonly policy: unknown;
  /** ISO 8601 */
  readonly now: string;
  /** places in the file's `evidence` */
  readonly evidence: readonly number[];
  /** what URLs answer, base64; whoever asks another one gets no answer */
  readonly network?: Readonly<Record<string, string>>;
  readonly expected: Pick<Verdict, "outcome" | "code">;
}

/** The vectors of one kind, about one image. */
export interface VectorFile {
  readonly subject: {
    readonly mediaType: string;
    /** base64 */
    readonly bytes: string;
  };
  /** long texts of policies: roots, keys, trust policies */
  readonly texts: Readonly<Record<string, string>>;
  readonly evidence: readonly VectorEvidence[];
  readonly vectors: readonly Vector[];
}

/** What becomes of a vector: the first requirement that does not pass, else `passed`. */
export async function judgeVector(
  file: VectorFile,
  vector: Vector,
): Promise<Vector["expected"]> {
  const reach = reachOf(vector);
  const policy = withTexts(vector.policy, file.texts);
  if (!isPolicy(policy)) throw new Error("a vector without a policy");
  const { requirements } = await preparePolicy(policy, contextOf({ reach }));
  const subject = subjectOf(file);
  const evidence = vector.evidence.flatMap((at) => {
    const one = file.evidence[at];
    return one ? [evidenceIn(one, file)] : [];
  });
  const judged = judgedOf(evidence, subject);
  for (const requirement of requirements) {
    const { outcome, code } = await requirement.judge(judged, reach);
    if (outcome !== "passed") return { outcome, code };
  }
  return { outcome: "passed", code: "OK" };
}

function reachOf({ network = {}, now }: Vector): Reach {
  const answers = Object.entries(network).map(([url, bytes]) => [
    url,
    Buffer.from(bytes, "base64"),
  ]);
  const { reach } = networkOf(Object.fromEntries(answers));
  return { ...reach, now: () => new Date(now) };
}

function subjectOf({ subject }: VectorFile) {
  const bytes = Buffer.from(subject.bytes, "base64");
  const { mediaType } = subject;
  const digest = digestOf(bytes);
  const descriptor = { mediaType, digest, size: bytes.length };
  const manifest = parseManifest(bytes, mediaType);
  return {
    node: { descriptor, bytes, manifest },
    reference: `source.example/acme/app:1@${digest}`,
  };
}

function evidenceIn(one: VectorEvidence, file: VectorFile): Evidence {
  const { via, artifactType, mediaType, annotations } = one;
  const bytes = Buffer.from(one.bytes, "base64");
  const layer = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const manifest = Buffer.from(JSON.stringify({ layer, annotations }));
  return {
    subject: subjectOf(file).node.descriptor,
    manifest: {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: parseDigest(digestOf(manifest)),
      size: manifest.length,
    },
    via,
    artifactType,
    layers: 1,
    layer: { ...layer, ...(annotations && { annotations }) },
    bytes,
  };
}

function withTexts(value: unknown, texts: VectorFile["texts"]): unknown {
  if (typeof value === "string" && value.startsWith("@")) {
    return texts[value.slice(1)] ?? value;
  }
  if (Array.isArray(value)) return value.map((one) => withTexts(one, texts));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name, withTexts(member, texts)]),
  );
}

/** Whatever else is wrong with it, `preparePolicy` says. */
function isPolicy(value: unknown): value is PolicyInput {
  return typeof value === "object" && value !== null;
}
