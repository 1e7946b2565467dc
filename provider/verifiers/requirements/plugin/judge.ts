import { Allowance } from "../../../mirror/allowance";
import { mapBounded } from "../../../mirror/bounded";
import { readLayers } from "../../../mirror/evidenceLayers";
import type {
  Authority,
  EvidenceManifest,
  Judged,
  Reach,
  Verdict,
} from "../../../mirror/ports";
import { look } from "../look";
import { openEndpoint, type Endpoint } from "./endpoint";
import {
  failureOf,
  noFinding,
  unfound,
  verdictOf,
  type Finding,
} from "./finding";
import type { Plugin } from "./plugin";
import { inOrder, isReferrer, referenceOf, typeOf } from "./referrer";

/** One plugin requirement, and who else may judge what is nested. */
export interface Asked {
  readonly blocks: boolean;
  readonly plugin: Plugin;
  /** all plugins of the policy, this one among them */
  readonly plugins: readonly Plugin[];
  /** those of `signedBy` */
  readonly authorities: readonly Authority[];
}

interface Sitting extends Asked {
  readonly judged: Judged;
  readonly endpoint: Endpoint;
  readonly reach: Reach;
}

const runsAtOnce = 2;
const mostReferrers = 50;

/** Asks the plugin about every referrer it is for: all must pass, and there must be one. */
export async function judgeByPlugin(
  asked: Asked,
  judged: Judged,
  reach: Reach,
): Promise<Verdict> {
  const { plugin } = asked;
  const { digest } = judged.node.descriptor;
  const all = judged.referrers.filter(
    (one) => isReferrer(one) && one.subject.digest === digest,
  );
  const matching = all.filter((one) => plugin.judges(typeOf(one)));
  const short = shortfall(plugin, all, matching);
  if (short) return unfound(asked, short);
  const endpoint = await openEndpoint(judged, reach);
  try {
    const sitting = { ...asked, judged, endpoint, reach };
    const found = await mapBounded(inOrder(matching), runsAtOnce, (referrer) =>
      verifyReferrer(plugin, referrer, sitting),
    );
    return verdictOf(asked, found.flat());
  } finally {
    await endpoint.close();
  }
}

/** Why there is nothing to ask about, or too much. */
function shortfall(
  plugin: Plugin,
  all: readonly EvidenceManifest[],
  { length }: readonly EvidenceManifest[],
): Pick<Verdict, "code" | "reason"> | undefined {
  if (length > mostReferrers) {
    const reason = `there are ${length} referrers for ${plugin.title}; the bound is ${mostReferrers}`;
    return { code: "LIMIT", reason };
  }
  if (length > 0) return undefined;
  const others = [...new Set(all.map(typeOf))].sort().slice(0, 10);
  const seen = others.length > 0 ? `; there is ${others.join(", ")}` : "";
  return {
    code: "PLUGIN_NO_EVIDENCE",
    reason: `nothing for ${plugin.title} refers to the artifact${seen}`,
  };
}

/** The plugin's own word, and then what is nested. */
async function verifyReferrer(
  plugin: Plugin,
  referrer: EvidenceManifest,
  sitting: Sitting,
): Promise<readonly Finding[]> {
  const own = await ask(plugin, referrer, sitting);
  if (plugin.nestedReferences.length === 0) return [own];
  const { digest } = referrer.node.descriptor;
  const nested = sitting.judged.referrers.filter(
    (one) =>
      isReferrer(one) &&
      one.subject.digest === digest &&
      isNested(plugin, typeOf(one)),
  );
  if (nested.length > mostReferrers) {
    const reason = `${nested.length} others refer to it; the bound is ${mostReferrers}`;
    return [own, { ...noFinding(plugin, referrer), code: "LIMIT", reason }];
  }
  const found = await mapBounded(inOrder(nested), 1, (one) =>
    verifyNested(one, sitting),
  );
  const none: Finding = {
    ...noFinding(plugin, referrer),
    code: "PLUGIN_NO_EVIDENCE",
    reason: `nothing of ${plugin.nestedReferences.join(", ")} refers to it`,
  };
  return [own, ...(nested.length > 0 ? found.flat() : [none])];
}

function isNested({ nestedReferences }: Plugin, type: string): boolean {
  return nestedReferences.includes("*") || nestedReferences.includes(type);
}

/** By the plugins that are for its type, as Ratify dispatches, else by those who may sign. */
async function verifyNested(
  referrer: EvidenceManifest,
  sitting: Sitting,
): Promise<readonly Finding[]> {
  const type = typeOf(referrer);
  const judges = sitting.plugins.filter((one) => one.judges(type));
  if (judges.length === 0) return [await authenticate(referrer, sitting)];
  const found = await mapBounded(judges, 1, (one) =>
    verifyReferrer(one, referrer, sitting),
  );
  return found.flat();
}

async function authenticate(
  referrer: EvidenceManifest,
  { plugin, authorities, reach }: Sitting,
): Promise<Finding> {
  const { evidence } = await readLayers(referrer, {
    reads: (layer) => authorities.some((one) => one.reads(layer)),
    reach,
    allowance: new Allowance(),
  });
  const { authenticated, rejected } = await look(evidence, authorities, reach);
  // an attestation is no signature (T22)
  const good = authenticated.find(({ statement }) => statement === undefined);
  const none = noFinding(plugin, referrer);
  if (good) {
    return {
      ...none,
      outcome: "passed",
      authority: good.authority,
      code: "OK",
      reason: "signed",
    };
  }
  const [no] = rejected;
  if (!no) return none;
  const { outcome, authority, code, reason } = no;
  return {
    ...none,
    outcome: outcome === "inconclusive" ? outcome : "failed",
    authority,
    code,
    reason,
  };
}

async function ask(
  plugin: Plugin,
  referrer: EvidenceManifest,
  { endpoint, reach }: Sitting,
): Promise<Finding> {
  const base = { referrer, authority: plugin.name };
  const { repository } = endpoint;
  try {
    const { isSuccess, message } = await plugin.ask(
      {
        subject: `${repository}@${referrer.subject.digest}`,
        storeConfig: {
          version: "1.0.0",
          pluginBinDirs: null,
          store: { name: "oras", useHttp: true, cosignEnabled: false },
        },
        referenceDesc: referenceOf(referrer),
      },
      reach,
    );
    if (isSuccess) {
      return { ...base, outcome: "passed", code: "OK", reason: message };
    }
    const silent = endpoint.silent();
    if (silent !== undefined) return { ...base, ...failureOf(silent) };
    return {
      ...base,
      outcome: "failed",
      code: "PLUGIN_FAILED",
      reason: message,
    };
  } catch (error) {
    reach.signal.throwIfAborted();
    return { ...base, ...failureOf(error) };
  }
}
