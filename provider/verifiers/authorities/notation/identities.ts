import {
  isSubset,
  parseDistinguishedName,
  type DistinguishedName,
} from "./distinguishedName";
import { everywhere } from "./scope";
import { within } from "./within";

const subjectPrefix = "x509.subject:";

/** The X.509 subjects among trusted identities; other kinds are for notation's plugins. Throws an `Error` that begins with `at`. */
export function subjectsIn(
  identities: readonly string[],
  at: string,
): readonly DistinguishedName[] {
  if (identities.includes(everywhere) && identities.length > 1) {
    throw new Error(`${at} has "*" beside others; it goes alone`);
  }
  const broken = identities.find(
    (text) => text !== everywhere && !text.includes(":"),
  );
  if (broken !== undefined) {
    throw new Error(
      `${at} has ${JSON.stringify(broken)}, which is no kind of identity, a colon and a value`,
    );
  }
  const subjects = identities
    .filter((text) => text.startsWith(subjectPrefix))
    .map((text) => {
      const written = text.slice(subjectPrefix.length);
      const place = `${at}: ${JSON.stringify(text)}`;
      return within(place, () => parseDistinguishedName(written));
    });
  requireApart(subjects, at);
  return subjects;
}

/** Identities must not overlap: the narrower one would be idle. */
function requireApart(
  subjects: readonly DistinguishedName[],
  at: string,
): void {
  const overlap = subjects.some((one, i) =>
    subjects.some((other, j) => i !== j && isSubset(one, other)),
  );
  if (overlap) throw new Error(`${at} has subjects that overlap`);
}
