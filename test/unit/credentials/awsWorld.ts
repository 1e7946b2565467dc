import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { credentialFinder } from "../../../provider/credentials/catalog";
import type { CredentialSettings } from "../../../provider/credentials/settings";
import type { Credential } from "../../../provider/mirror/credential";
import type { Reach, Request } from "../../../provider/mirror/ports";
import {
  openNetwork,
  type Network,
} from "../../../provider/stores/registry/wire/send";
import { baseKey, baseSecret, startAws, type AwsStandIn } from "./awsStandIn";

/** A machine before a local AWS. */
export interface AwsWorld {
  readonly aws: AwsStandIn;
  readonly reach: Reach;
  /** what went over our own network */
  readonly requests: readonly Request[];
  /** writes a file into the machine's home; answers its path */
  readonly write: (name: string, text: string) => Promise<string>;
  /** a process that is configured so */
  readonly process: (setting?: {
    readonly given?: readonly CredentialSettings[];
    readonly environment?: Readonly<Record<string, string>>;
  }) => Logins;
  advance(ms: number): void;
}

/** Asks as the registry client does: for a repository of the host. */
export type Logins = (
  host: string,
  options?: { readonly refused?: Credential; readonly signal?: AbortSignal },
) => Promise<Credential | undefined>;

export const identity = {
  AWS_ACCESS_KEY_ID: baseKey,
  AWS_SECRET_ACCESS_KEY: baseSecret,
};

/** AWS's own chain reads the process's environment and the home directory: both are the test's own. */
export function useAws(): () => AwsWorld {
  let world: AwsWorld | undefined;
  let network: Network | undefined;
  let home = "";
  const before = { ...process.env };
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "aws-"));
    network = openNetwork({ registries: [], environment: {} });
    world = worldOf(await startAws(), network, home);
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
    await network?.close();
    await world?.aws.close();
    await rm(home, { recursive: true, force: true });
  });
  return () => {
    if (world === undefined) throw new Error("only inside a test");
    return world;
  };
}

function worldOf(aws: AwsStandIn, network: Network, home: string): AwsWorld {
  let now = new Date("2026-01-01T00:00:00Z").getTime();
  aws.now = () => new Date(now);
  const requests: Request[] = [];
  const reach: Reach = {
    send: (request, signal) => {
      requests.push(request);
      return network.send(request, signal);
    },
    signal: new AbortController().signal,
    now: aws.now,
  };
  return {
    aws,
    reach,
    requests,
    write: async (name, text) => {
      const path = join(home, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
    advance: (ms) => {
      now += ms;
    },
    process: ({ given = [], environment = {} } = {}) => {
      const all = { ...surroundings(aws, home), ...environment };
      for (const name of Object.keys(process.env))
        if (name.startsWith("AWS_")) delete process.env[name];
      Object.assign(process.env, all);
      const find = credentialFinder({ given, environment: all });
      return (host, { refused, signal = reach.signal } = {}) =>
        find(`${host}/team/app`, { ...reach, signal }, refused);
    },
  };
}

function surroundings(
  { url }: AwsStandIn,
  home: string,
): Readonly<Record<string, string>> {
  return {
    HOME: home,
    AWS_ENDPOINT_URL_ECR: url,
    AWS_ENDPOINT_URL_ECR_PUBLIC: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_SSO: url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(home, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
    AWS_MAX_ATTEMPTS: "1",
  };
}
