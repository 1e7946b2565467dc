import { X509Certificate } from "node:crypto";
import type { Problem } from "../problem";
import { trustedRootsOf, type TrustedRootDocument } from "../trust/trustedRoot";

/** Something that stops counting at a known moment. */
export interface Ending {
  readonly what: string;
  /** RFC 3339 */
  readonly end: string | undefined;
  readonly path: Problem["path"];
}

const dayMs = 24 * 60 * 60 * 1000;
const warnDays = 30;

/** What has ended, or ends within 30 days. */
export function endWarnings(
  endings: readonly Ending[],
  now: Date,
): readonly Problem[] {
  return endings.flatMap(({ what, end, path }) => {
    if (end === undefined) return [];
    const leftDays = (Date.parse(end) - now.getTime()) / dayMs;
    if (leftDays > warnDays) return [];
    const day = end.slice(0, 10);
    const reason =
      leftDays < 0
        ? `${what} has ended on ${day}: what is signed later does not count`
        : `${what} ends on ${day}, in ${Math.floor(leftDays)} days: what is signed later does not count`;
    return [{ path, reason }];
  });
}

/** The same for the roots that a user gave: when the last of their certificate authorities, logs or timestamp authorities ends. */
export function rootWarnings(
  settings: { readonly trustedRoots?: readonly string[] | undefined },
  now: Date,
): readonly Problem[] {
  const endings = trustedRootsOf(settings.trustedRoots).flatMap((root, i) =>
    Object.entries(endsOf(root)).map(([what, ends]): Ending => ({
      what,
      end: lastOf(ends),
      path: settings.trustedRoots ? ["trustedRoots", i] : ["trustedRoots"],
    })),
  );
  return endWarnings(endings, now);
}

type Ends = readonly (string | undefined)[];

function endsOf(root: TrustedRootDocument): Readonly<Record<string, Ends>> {
  return {
    "the root's last certificate authority":
      root.certificateAuthorities.map(endOfAuthority),
    "the root's last log key": root.tlogs.map(
      (log) => log.publicKey.validFor.end,
    ),
    "the root's last timestamp authority":
      root.timestampAuthorities.map(endOfAuthority),
  };
}

/** The last end, or undefined where one of them has none. */
function lastOf(ends: Ends): string | undefined {
  const known = ends.filter((end) => end !== undefined);
  if (known.length < ends.length) return undefined;
  return known.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
}

type Authority = TrustedRootDocument["certificateAuthorities"][number];

/** When an authority stops: by the root's word, or when the first of its certificates expires. */
function endOfAuthority({ certChain, validFor }: Authority): string {
  const expiries = certChain.certificates.map(({ rawBytes }) =>
    new Date(
      new X509Certificate(Buffer.from(rawBytes, "base64")).validTo,
    ).toISOString(),
  );
  const given = validFor.end === undefined ? [] : [validFor.end];
  const ends = [...given, ...expiries];
  return ends.reduce((first, end) =>
    Date.parse(end) < Date.parse(first) ? end : first,
  );
}
