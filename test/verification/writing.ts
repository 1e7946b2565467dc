import type { Evidence } from "../../provider/mirror/ports";
import { image } from "../samples/artifacts";
import type { Vector, VectorEvidence, VectorFile } from "./vector";

/** The image that every vector is about, and another one. */
export const root = image();
export const other = image({ seed: "other" });

/** What is to be written down of one vector. */
export interface Wish {
  readonly name: string;
  readonly policy: unknown;
  readonly evidence: readonly Evidence[];
  /** the code; `OK` passes, the others fail */
  readonly code: string;
  readonly outcome?: Vector["expected"]["outcome"];
  /** when it is judged, if not at the file's time */
  readonly now?: Date;
  readonly network?: Readonly<Record<string, Buffer>>;
}

/** The vectors of a kind as their file holds them. */
export function fileOf(
  texts: Readonly<Record<string, string>>,
  now: Date,
  wishes: readonly Wish[],
): VectorFile {
  const { descriptor, bytes } = root;
  const { mediaType } = descriptor;
  const evidence = [...new Set(wishes.flatMap((wish) => wish.evidence))];
  return {
    subject: { mediaType, bytes: bytes.toString("base64") },
    texts,
    evidence: evidence.map(written),
    vectors: wishes.map((wish) => ({
      ...vectorOf(wish, now),
      evidence: wish.evidence.map((one) => evidence.indexOf(one)),
    })),
  };
}

function vectorOf(wish: Wish, now: Date): Omit<Vector, "evidence"> {
  const { name, policy, code, network } = wish;
  const usual = code === "OK" ? "passed" : "failed";
  const answers = Object.entries(network ?? {});
  return {
    name,
    policy,
    now: (wish.now ?? now).toISOString(),
    ...(network && {
      network: Object.fromEntries(
        answers.map(([url, bytes]) => [url, bytes.toString("base64")]),
      ),
    }),
    expected: { outcome: wish.outcome ?? usual, code },
  };
}

function written({
  via,
  artifactType,
  layer,
  bytes,
}: Evidence): VectorEvidence {
  const { mediaType, annotations } = layer;
  return {
    via,
    artifactType,
    mediaType,
    ...(annotations && { annotations }),
    bytes: Buffer.from(bytes).toString("base64"),
  };
}
