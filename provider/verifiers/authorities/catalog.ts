import { z } from "zod";
import { refuse } from "../refuse";
import type { Authority } from "../../mirror/ports";
import { canonicalPlaces } from "../material/canonical";
import { certificate } from "./certificate";
import { github } from "./github";
import { gitlab } from "./gitlab";
import { key } from "./key";
import { keyless } from "./keyless";
import type { AuthorityKind, Place } from "./kind";
import type { Problem } from "../problem";
import { notation } from "./notation";
import { digestOfRoot, trustedRootsOf } from "../trust/trustedRoot";

/** Who may vouch, by the word in a policy. A new kind is one file and one word here. */
export const authorityKinds = {
  key,
  keyless,
  certificate,
  github,
  gitlab,
  notation,
} as const;

/** A word of the catalog. */
export type AuthorityWord = keyof typeof authorityKinds;

/** All words of the catalog. */
export const authorityWords = Object.keys(authorityKinds) as AuthorityWord[];

type Shape = {
  [Word in AuthorityWord]: z.ZodOptional<
    z.ZodType<Parameters<(typeof authorityKinds)[Word]["prepare"]>[0]>
  >;
};

const shape = Object.fromEntries(
  authorityWords.map((word) => [
    word,
    authorityKinds[word].schema
      .optional()
      .describe(authorityKinds[word].description),
  ]),
) as unknown as Shape;

/** One authority as a user writes it: one property per kind, exactly one of them present. */
export const authoritySchema = z
  .strictObject(shape)
  .superRefine((authority, refinement) => {
    const present = authorityWords.filter(
      (word) => authority[word] !== undefined,
    );
    if (present.length === 1) return;
    const words = authorityWords.join(", ");
    refuse(refinement, {
      message:
        present.length === 0
          ? `says nobody: give one of ${words}; there is no "any"`
          : `must be one of ${words}, not ${present.join(" and ")}: write one entry for each`,
    });
  })
  .meta({
    id: "SignedBy",
    description: "Somebody who may vouch: exactly one of the properties.",
  });

/** One authority as a user writes it. */
export type AuthorityInput = z.infer<typeof authoritySchema>;

/** One authority, looked up in the catalog. */
interface Chosen {
  readonly word: AuthorityWord;
  readonly kind: AuthorityKind<unknown>;
  readonly settings: unknown;
}

function chosenBy(input: AuthorityInput): Chosen {
  const word = authorityWords.find((known) => input[known] !== undefined);
  if (!word) throw new Error('says nobody; there is no "any"');
  // the schema gave each word its own kind's settings
  const kind = authorityKinds[word] as unknown as AuthorityKind<unknown>;
  return { word, kind, settings: input[word] };
}

/** What is wrong with an authority of the right shape. */
export async function examineAuthority(
  input: AuthorityInput,
): Promise<readonly Problem[]> {
  const { word, kind, settings } = chosenBy(input);
  const problems = await kind.examine(settings);
  return problems.map(({ path, reason }) => ({
    path: [word, ...path],
    reason,
  }));
}

/** What of an authority's trust ends soon. */
export function warningsOfAuthority(
  input: AuthorityInput,
  now: Date,
): readonly Problem[] {
  const { word, kind, settings } = chosenBy(input);
  const warnings = kind.warnings?.(settings, now) ?? [];
  return warnings.map(({ path, reason }) => ({
    path: [word, ...path],
    reason,
  }));
}

/** The authority as plain data, the same for the same trust. */
export function canonicalAuthority(input: AuthorityInput): unknown {
  const { word, kind, settings } = chosenBy(input);
  const placed = canonicalPlaces(kind.schema, settings);
  if (placed === undefined) return { [word]: kind.canonical(settings) };
  // what a kind makes of its texts is not known yet; their digests say as much
  return {
    [word]: placed,
    embedded: trustedRootsOf(["public-good", "github"]).map(digestOfRoot),
  };
}

/** Loads an authority's trust. `place.name` is where the entry stands: `signedBy[0]`. */
export function prepareAuthority(
  input: AuthorityInput,
  place: Place,
): Promise<Authority> {
  const { word, kind, settings } = chosenBy(input);
  return kind.prepare(settings, { ...place, name: `${place.name}.${word}` });
}
