import { discover } from "../../../provider/mirror/discover";
import { walk } from "../../../provider/mirror/graph";
import { plan } from "../../../provider/mirror/plan";
import {
  select,
  type EvidenceSelection,
} from "../../../provider/mirror/select";
import { transfer, type Progress } from "../../../provider/mirror/transfer";
import { judgesOf } from "../../../provider/mirror/toJudge";
import { admit, verify } from "../../../provider/mirror/verify";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { parsePlatform } from "../../../provider/oci/platform";
import { MemoryStore, reach } from "./memoryStore";
import { policy, requirement, type unverified } from "./policies";

export const everything: EvidenceSelection = {
  copy: "all",
  include: ["*"],
  exclude: [],
};
export const legacyTag = ({ digest }: Descriptor, kind = "sig") =>
  `${digest.replace(":", "-")}.${kind}`;

export interface World {
  source: MemoryStore;
  destination: MemoryStore;
  root: Descriptor;
}

export function world(): World {
  const source = new MemoryStore("source");
  const root = source.index([source.image("amd"), source.image("arm")]);
  source.referrer(root, "good");
  return { source, destination: new MemoryStore("destination"), root };
}

export async function planned(
  at: World,
  options: {
    selection?: EvidenceSelection;
    platforms?: string[];
    by?: typeof unverified;
    /** for its own sake, and not to be copied */
    isShown?: boolean;
    isNew?: boolean;
  } = {},
) {
  const by = options.by ?? policy(requirement());
  const artifact = await walk(at.source, at.root, {
    platforms: (options.platforms ?? []).map(parsePlatform),
    reach,
  });
  const discovered = await discover(artifact, {
    places: [at.source],
    ...judgesOf(by),
    reach,
  });
  const judged = {
    place: at.source,
    reference: "app",
    artifact,
    discovered,
    policy: by,
  };
  const admitted = admit(judged, await verify(judged, reach));
  const evidence = select(
    admitted,
    discovered,
    options.selection ?? everything,
  );
  return plan(
    {
      admitted,
      source: at.source,
      evidence,
      tag: "1.0",
      isNew: options.isNew ?? false,
      isShown: options.isShown ?? true,
    },
    at.destination,
    reach,
  );
}

export async function mirrored(
  at: World,
  options: Parameters<typeof planned>[1] & {
    prove?: () => Promise<never>;
  } = {},
) {
  const made = await planned(at, options);
  const progress: Progress[] = [];
  at.destination.log.length = 0;
  await transfer(made, at.destination, {
    reach,
    prove: options.prove ?? (async () => made.admitted),
    onProgress: (now) => progress.push(now),
  });
  return { made, progress };
}
