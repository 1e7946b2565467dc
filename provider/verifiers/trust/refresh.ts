import { MirrorError } from "../../mirror/errors";
import type { Reach } from "../../mirror/ports";
import { textOf } from "../../mirror/textOf";
import {
  readTrustedRoot,
  type EmbeddedRoot,
  type Root,
  type TrustedRootDocument,
} from "./trustedRoot";
import { cacheFolder } from "../cacheFolder";
import { reasonText } from "../refusal";
import githubTuf from "./githubTuf.json";
import publicGoodTuf from "./publicGoodTuf.json";
import { readTarget, type Repository } from "./tufRepository";

const repositories: Readonly<Record<EmbeddedRoot, Omit<Repository, "folder">>> =
  {
    "public-good": {
      url: "https://tuf-repo-cdn.sigstore.dev",
      root: JSON.stringify(publicGoodTuf),
    },
    github: {
      url: "https://tuf-repo.github.com",
      root: JSON.stringify(githubTuf),
    },
  };

const refreshed = new Map<EmbeddedRoot, Promise<TrustedRootDocument>>();

/** The roots, those that came with this package brought up to date by TUF, once for each process. Throws a `MirrorError` where that could not be done: an old root is never used instead. */
export function refreshRoots(
  roots: readonly Root[],
  reach: Reach,
): Promise<readonly Root[]> {
  return Promise.all(
    roots.map(async (root) =>
      root.embedded === undefined
        ? root
        : {
            document: await refreshOnce(root.embedded, reach),
            embedded: root.embedded,
            refreshed: true,
          },
    ),
  );
}

function refreshOnce(
  name: EmbeddedRoot,
  reach: Reach,
): Promise<TrustedRootDocument> {
  const known = refreshed.get(name);
  if (known) return known;
  const asked = refreshRoot(
    { ...repositories[name], folder: cacheFolder("tuf", name) },
    reach,
  );
  refreshed.set(name, asked);
  // what failed is asked for again by the next one
  asked.catch(() => refreshed.delete(name));
  return asked;
}

/** The `trusted_root.json` of a TUF repository, as it is today. */
export async function refreshRoot(
  repository: Repository,
  reach: Reach,
): Promise<TrustedRootDocument> {
  try {
    const text = await readTarget(repository, "trusted_root.json", reach);
    return readTrustedRoot(text);
  } catch (cause) {
    throw new MirrorError({
      fault: reach.signal.aborted ? "cancelled" : "unreachable",
      code: reach.signal.aborted ? "CANCELLED" : "NETWORK",
      what: "could not bring the trusted root up to date",
      where: { reference: repository.url },
      why: reasonText(textOf(cause)),
      remedy:
        'make the host reachable, give the root in trustedRoots, or set trustRefresh: "never"',
      cause,
    });
  }
}
