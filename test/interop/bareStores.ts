import { readFileSync } from "node:fs";
import { mapBounded } from "../../provider/mirror/bounded";
import type { Reach } from "../../provider/mirror/ports";
import { parseDigest } from "../../provider/oci/digest";
import { parseReference } from "../../provider/oci/reference";
import { openStores } from "../../provider/stores/catalog";
import { openNetwork } from "../../provider/stores/registry/wire/send";

/** What this process is told to do, as JSON in its one argument. Places are `host/repository`. */
export interface Task {
  readonly source: string;
  readonly destination: string;
  readonly copy: readonly { readonly digest: string; readonly size: number }[];
  readonly listTags: boolean;
  /** subjects whose referrers are listed */
  readonly listReferrers: readonly string[];
}

/** What it says, as JSON on its one line. */
export interface Account {
  /** everything loaded, nothing asked */
  readonly idleMebibytes: number;
  readonly peakMebibytes: number;
  /** how many tags and referrers were listed */
  readonly entries: number;
}

const copiesAtOnce = 8;

function mebibytes(name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync("/proc/self/status", "utf8");
  const line = status.split("\n").find((one) => one.startsWith(name)) ?? "";
  return Number(/\d+/.exec(line)?.[0]) / 1024;
}

/** The client of registries by itself: no plugin, no gRPC, nothing that verifies. */
async function main(task: Task): Promise<Account> {
  const hosts = [task.source, task.destination].map((one) => one.split("/")[0]);
  const registries = [...new Set(hosts)].map((host = "") => ({
    host,
    plainHttp: true,
  }));
  const network = openNetwork({ registries, environment: {} });
  const stores = openStores({
    registries,
    credentials: async () => undefined,
  });
  const reach: Reach = {
    send: network.send,
    signal: new AbortController().signal,
    now: () => new Date(),
  };
  const source = stores.open(parseReference(task.source), "source");
  const destination = stores.openForWriting(parseReference(task.destination));
  const idleMebibytes = mebibytes("VmRSS");
  await mapBounded(task.copy, copiesAtOnce, ({ digest, size }) => {
    const mediaType = "application/octet-stream";
    const blob = { mediaType, digest: parseDigest(digest), size };
    return destination.copyFrom(source, blob, {
      reach,
      onBytes: () => undefined,
    });
  });
  let entries = 0;
  if (task.listTags) entries += (await source.tags(reach)).length;
  for (const subject of task.listReferrers)
    entries += (await source.referrers(parseDigest(subject), reach)).length;
  return { idleMebibytes, peakMebibytes: mebibytes("VmHWM"), entries };
}

main(JSON.parse(process.argv[2] ?? "")).then(
  (account) => {
    process.stdout.write(`${JSON.stringify(account)}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
