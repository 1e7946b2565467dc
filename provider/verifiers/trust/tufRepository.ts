import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reach } from "../../mirror/ports";

/** A TUF repository, and how its trust begins. */
export interface Repository {
  /** without a slash at its end */
  readonly url: string;
  /** the first trusted `root.json` */
  readonly root: string;
  /** where its metadata is kept between runs; all of it is verified again from `root` on, and only keeps an old state from being served as a new one */
  readonly folder: string;
}

const deadlineMs = 30_000;
const kept = ["timestamp.json", "snapshot.json", "targets.json"];

/** The text of one target, proven by the repository's metadata of today. Throws whatever stood in the way. */
export async function readTarget(
  repository: Repository,
  target: string,
  reach: Reach,
): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), "artifact-mirror-tuf-")); // 0700
  try {
    await writeFile(join(work, "root.json"), repository.root);
    await takeAlong(repository.folder, work);
    const text = await downloadTarget(
      { repository, target, work },
      { ...reach, signal: deadline(reach.signal) },
    );
    await keep(work, repository.folder);
    return text;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function deadline(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
}

interface Download {
  readonly repository: Repository;
  readonly target: string;
  readonly work: string;
}

async function downloadTarget(
  { repository, target, work }: Download,
  reach: Reach,
): Promise<string> {
  const { Updater } = await import("tuf-js");
  const { ReachFetcher } = await import("./reachFetcher.ts");
  const updater = new Updater({
    metadataDir: work,
    metadataBaseUrl: repository.url,
    targetDir: work,
    targetBaseUrl: `${repository.url}/targets`,
    fetcher: new ReachFetcher(reach),
    config: { maxRootRotations: 64, maxDelegations: 8 },
  });
  await updater.refresh();
  const found = await updater.getTargetInfo(target);
  if (!found) throw new Error(`the repository has no ${target}`);
  if (found.length > maxTargetBytes) {
    throw new Error(`${target} has more than ${maxTargetBytes} bytes`);
  }
  const path = await updater.downloadTarget(found, join(work, "target"));
  return readFile(path, "utf8");
}

const maxTargetBytes = 2 * 1024 * 1024;

/** What an earlier run has seen; what is not there, or cannot be read, is as if never seen. */
async function takeAlong(folder: string, work: string): Promise<void> {
  await Promise.all(
    kept.map((name) =>
      copyFile(join(folder, name), join(work, name)).catch(() => undefined),
    ),
  );
}

/** Keeps what was seen; a disk that takes nothing is no reason to fail. */
async function keep(work: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of kept) {
      const beside = await mkdtemp(join(folder, ".new-"));
      await copyFile(join(work, name), join(beside, name));
      await rename(join(beside, name), join(folder, name));
      await rm(beside, { recursive: true, force: true });
    }
  } catch {
    // the next run verifies without it
  }
}
