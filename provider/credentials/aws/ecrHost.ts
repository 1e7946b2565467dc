/** Where a private ECR registry is, as its host name says. */
export interface EcrHost {
  readonly region: string;
  readonly isFips: boolean;
  readonly isDualstack: boolean;
}

/** Anchored, as amazon-ecr-credential-helper has it (N17). */
const grammar =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.([a-z0-9][a-z0-9_-]*)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|(on)\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Reads the host of a private ECR registry; `undefined` for every other host. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const match = grammar.exec(host);
  const region = match?.[2];
  if (region === undefined) return undefined;
  return {
    region,
    isFips: match?.[1] !== undefined,
    isDualstack: match?.[3] !== undefined,
  };
}
