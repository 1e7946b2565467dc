import { discover, type Discovered } from "../../mirror/discover";
import { MirrorError } from "../../mirror/errors";
import type { Ignored } from "../../mirror/evidenceLayers";
import { attestedIn } from "../../mirror/inside";
import type { EvidenceManifest, Reach } from "../../mirror/ports";
import { parseReference } from "../../oci/reference";
import { assess, placesOf } from "../../resources/judging/assess";
import { reportOf } from "../../resources/judging/report";
import type { Report } from "../../resources/judging/reportShape";
import type { World } from "../../resources/world";
import type { PolicyInput } from "../../verifiers/policy";
import { questionOf } from "../questionOf";
import { look, referenceTo, type Asked, type Seen } from "./look";

/** Whose evidence is asked for, and by which policy it is judged, if any. */
export interface Gathering extends Asked {
  readonly repositories?: readonly string[] | undefined;
  readonly policy?: PolicyInput | undefined;
}

/** An artifact and all that was found about it. */
export interface Gathered {
  readonly seen: Seen;
  /** each after what it is about */
  readonly manifests: readonly EvidenceManifest[];
  readonly ignored: readonly Ignored[];
  /** absent without a policy */
  readonly report?: Report;
}

/** Reads an artifact and finds everything about it. A list that a place denies is an error: it is never an empty one. */
export async function gather(
  world: World,
  asked: Gathering,
  reach: Reach,
): Promise<Gathered> {
  const found =
    asked.policy === undefined
      ? await unjudged(world, asked, reach)
      : await judged(world, { ...asked, policy: asked.policy }, reach);
  const { seen, discovered, report } = found;
  const inside = attestedIn(seen.artifact);
  const unlisted = discovered.ignored.find(({ code }) => code === "UNLISTED");
  if (unlisted) throw denied(seen, unlisted);
  const within = inside.attested.map(
    ({ attestation, platform }): EvidenceManifest => ({
      subject: platform,
      node: attestation,
      below: [],
      via: "child",
      from: seen.place,
    }),
  );
  return {
    seen,
    manifests: [...within, ...discovered.manifests],
    ignored: [...discovered.ignored, ...inside.ignored],
    ...(report && { report }),
  };
}

interface Found {
  readonly seen: Seen;
  readonly discovered: Discovered;
  readonly report?: Report;
}

/** Nobody judges, so nothing but manifests is read. */
async function unjudged(
  world: World,
  asked: Gathering,
  reach: Reach,
): Promise<Found> {
  const seen = await look(world, asked, reach);
  const further = (asked.repositories ?? []).map((text) =>
    parseReference(text),
  );
  const discovered = await discover(seen.artifact, {
    places: placesOf(world, seen.place, further),
    authorities: [],
    coverage: "root",
    readsInside: false,
    reach,
  });
  return { seen, discovered };
}

async function judged(
  world: World,
  asked: Gathering & { readonly policy: PolicyInput },
  reach: Reach,
): Promise<Found> {
  const { question, digest } = questionOf(world, asked);
  const assessed = await assess(world, question, { digest, reach });
  const { verdicts, case: judgedCase } = assessed;
  const { artifact, policy, discovered, place } = judgedCase;
  const { ignored } = discovered;
  const report = reportOf({ artifact, policy, verdicts, ignored }, reach.now());
  const reference = question.source;
  const ref = referenceTo(reference, artifact.root.descriptor);
  return { seen: { place, artifact, reference, ref }, discovered, report };
}

function denied({ ref }: Seen, { digest, reason }: Ignored): MirrorError {
  return new MirrorError({
    fault: "denied",
    code: "AUTH_DENIED",
    what: "could not list all evidence",
    where: { side: "source", reference: ref },
    why: `what refers to ${digest} may not be listed: ${reason}`,
    remedy: "give the provider credentials that may list referrers there",
  });
}
