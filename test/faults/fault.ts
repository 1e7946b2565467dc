import type { Action, Misdeed } from "../registry/misbehaviour";

/** One fault of the field, as data: which requests go wrong, and what must come of a copy. */
export interface Fault {
  readonly word: string;
  /** whose proxy plays it */
  readonly side: "source" | "destination";
  readonly rules: readonly Misdeed[];
  /** `copied`: the copy arrives, whole. `refused`: it fails with this code, and nothing is visible. */
  readonly required:
    | { readonly ends: "copied" }
    | { readonly ends: "refused"; readonly code: string };
  /** the row of registry.md §2 */
  readonly row?: string;
}

const copied = { ends: "copied" } as const;
const refused = (code: string) => ({ ends: "refused", code }) as const;

const paths = {
  blob: { method: "GET", path: /\/blobs\/sha256:/ },
  manifest: { method: "GET", path: /\/manifests\// },
  tag: { method: "HEAD", path: /\/manifests\/[^:]+$/ },
  referrers: { method: "GET", path: /\/referrers\// },
  begin: { method: "POST", path: /\/blobs\/uploads\// },
  upload: { method: "PUT", path: /\/blobs\/uploads\// },
  putChild: { method: "PUT", path: /\/manifests\/sha256:/ },
  putTag: { method: "PUT", path: /\/manifests\/[^:]+$/ },
  token: { method: "GET", path: /^\/token/ },
} as const;

/** How a fault is played: on what, how, and how often (once, if it is not said). */
export interface Play {
  readonly on: keyof typeof paths;
  readonly action: Action;
  readonly times?: number;
  readonly nth?: number;
  readonly when?: Misdeed["when"];
}

/** A fault as one line: its word, how it is played, and what is more to say. */
export type Row = readonly [
  word: string,
  plays: Play | readonly Play[],
  more?: Pick<Fault, "row"> & { readonly code?: string },
];

/** A line, in full. */
export function fault(
  side: Fault["side"],
  [word, plays, more = {}]: Row,
): Fault {
  const list: readonly Play[] = "on" in plays ? [plays] : plays;
  const { code, ...rest } = more;
  return {
    word,
    side,
    rules: list.map(({ on, ...play }) => ({
      name: word,
      ...paths[on],
      ...play,
    })),
    required: code === undefined ? copied : refused(code),
    ...rest,
  };
}

/** never well again */
export const always = Number.POSITIVE_INFINITY;
/** what a login page says */
export const html = {
  headers: { "content-type": "text/html" },
  body: "<html>Please log in</html>",
};
const json = { "content-type": "application/json" };
/** what a registry says */
export const says = (code: string) => ({
  headers: json,
  body: JSON.stringify({ errors: [{ code, message: "no" }] }),
});
