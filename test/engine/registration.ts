import type { Properties } from "./values";

/** What a program asks for: one resource, as the monitor reads it from the wire. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string | undefined;
  readonly custom: boolean;
  readonly inputs: Properties;
  /** reference of an explicit provider, `<urn>::<id>` */
  readonly provider?: string | undefined;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs under which the resource may be found in state */
  readonly aliases: readonly string[];
  readonly importId?: string | undefined;
  readonly timeouts: Timeouts;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly deletedWith?: string | undefined;
}

export interface Timeouts {
  readonly createSeconds: number;
  readonly updateSeconds: number;
  readonly deleteSeconds: number;
}

/** What the program gets back. An empty id is an unknown one. */
export interface Answer {
  readonly id: string;
  readonly outputs: Properties;
}

const unitSeconds: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
};

/** Seconds of a duration as Pulumi writes it: `90s`, `1h30m`. Empty is 0: the provider's own default. */
export function seconds(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g);
  return [...parts].reduce(
    (sum, [, count, unit]) =>
      sum + Number(count) * (unitSeconds[unit ?? ""] ?? 0),
    0,
  );
}
