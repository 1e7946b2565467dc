import type { Value, Values } from "../../provider/mirror/lifecycle";
import { verifyArtifact } from "../../provider/functions/verifyArtifact";
import { openOutside, type Outside } from "../../provider/hosts/world";

/** What we say of an artifact under a policy. */
export interface Judgement {
  /** `invalid` where the policy itself is refused */
  readonly outcome: string;
  /** code of the first requirement, or what is wrong with the policy */
  readonly code: string;
  /** the codes of evidence that did not count */
  readonly ignored: readonly string[];
  readonly notes: readonly string[];
  readonly message: string;
}

/** Our product, for any number of questions. */
export interface Judge {
  ask(source: string, policy: Value): Promise<Judgement>;
  close(): Promise<void>;
}

/** Opens our product with hosts that may be spoken to over plain HTTP. */
export function openJudge(hosts: readonly string[]): Judge {
  const registries = hosts.map((host) => ({ host, plainHttp: true }));
  const outside = openOutside({ registries }, {});
  return {
    ask: (source, policy) => ask(outside, source, policy),
    close: () => outside.close(),
  };
}

async function ask(
  outside: Outside,
  source: string,
  policy: Value,
): Promise<Judgement> {
  const call = {
    reach: {
      send: outside.send,
      signal: AbortSignal.timeout(60_000),
      now: () => new Date(),
    },
    tell: () => undefined,
  };
  const values: Values = { source, policy };
  const answer = await verifyArtifact.ask(outside.world, call, values);
  if ("failures" in answer) {
    const code = answer.failures
      .map(({ property, reason }) => `${property}: ${reason}`)
      .join("; ");
    return { outcome: "invalid", code, ignored: [], notes: [], message: code };
  }
  const { outcome, report, message } = answer.values as unknown as Answered;
  const [first] = report.requirements;
  return {
    outcome,
    code: first?.code ?? "",
    ignored: (first?.ignored ?? []).map(({ code }) => code),
    notes: first?.notes ?? [],
    message: message ?? "",
  };
}

interface Answered {
  readonly outcome: string;
  readonly message?: string;
  readonly report: {
    readonly requirements: readonly {
      readonly code: string;
      readonly notes?: readonly string[];
      readonly ignored?: readonly { readonly code: string }[];
    }[];
  };
}
