import { basename, extname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  getEstate,
  type GetEstateArgs,
  type GetEstateResult,
} from "../nodejs/getEstate";
import { MirroredArtifact } from "../nodejs/mirroredArtifact";
import { MirroredRepository } from "../nodejs/mirroredRepository";
import { Provider, type ProviderArgs } from "../nodejs/provider";
import { gate } from "./gate";

/** How an estate is registered; every resource option is passed on to each of its resources. */
export interface EstateOptions extends Omit<
  pulumi.CustomResourceOptions,
  "aliases" | "id" | "import"
> {
  /** Registers only this part of the estate: `{ index: 0, count: 4 }`. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Judges everything first, shows every refusal, and registers nothing if there is one. Default false. */
  readonly gate?: boolean;
}

/** What an estate file made. */
export interface Estate {
  /** By name: `nginx`, `nginx:1.27` for an additional tag, `nginx@eu` for one of several destinations. */
  readonly artifacts: Readonly<Record<string, MirroredArtifact>>;
  /** By name. */
  readonly repositories: Readonly<Record<string, MirroredRepository>>;
  /** The provider of all of them: yours, or the one that was made. */
  readonly provider: pulumi.ProviderResource;
}

/**
 * Reads an estate file and registers everything that it declares.
 *
 * Unless `provider` is given, one is made, called as the file is, of the stack's configuration (`artifact-mirror:…`) and of the
 * registries and policies of the file.
 *
 * @param file The file, relative to the program's folder: `estate.yaml`.
 * @param options Which part of it, whether to judge everything first, and any resource option.
 */
export async function estate(
  file: string,
  options: EstateOptions = {},
): Promise<Estate> {
  const { shard, gate: isGated = false, ...given } = options;
  const read = await readFile({ file, shard }, given.provider);
  const provider = given.provider ?? providerFor(file, read);
  const { artifacts, repositories } =
    given.provider === undefined ? read : withPolicies(file, read);
  if (isGated) {
    const all = [...artifacts, ...repositories];
    const wanted = Object.fromEntries(all.map((one) => [one.name, one]));
    await gate(wanted, { provider });
  }
  const optionsOf = (formerName: string | undefined) => ({
    ...given,
    provider,
    ...(formerName === undefined ? {} : { aliases: [{ name: formerName }] }),
  });
  return {
    provider,
    artifacts: Object.fromEntries(
      artifacts.map(({ name, formerName, ...args }) => [
        name,
        new MirroredArtifact(name, args, optionsOf(formerName)),
      ]),
    ),
    repositories: Object.fromEntries(
      repositories.map(({ name, formerName, ...args }) => [
        name,
        new MirroredRepository(name, args, optionsOf(formerName)),
      ]),
    ),
  };
}

/** A mistake in the file is no fault of the program: its words are shown without a stack trace. */
async function readFile(
  args: GetEstateArgs,
  provider: pulumi.ProviderResource | undefined,
): Promise<GetEstateResult> {
  try {
    return await getEstate(args, { provider });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      text
        .replace(/^Invoke of '[^']*' failed: /, "")
        .replace(/\n \(file\)$/, ""),
    );
  }
}

/** An explicit provider knows nothing of the stack's configuration, so it is handed over. */
function providerFor(file: string, read: GetEstateResult): Provider {
  const config = new pulumi.Config("artifact-mirror");
  const stack = {
    registries: config.getObject<GetEstateResult["registries"]>("registries"),
    policies: config.getObject<GetEstateResult["policies"]>("policies"),
  };
  const twice = read.registries.find(({ host }) =>
    stack.registries?.some((other) => other.host === host),
  );
  if (twice) {
    throw new pulumi.RunError(
      `${file} says how ${twice.host} is reached, and so does the stack's configuration (artifact-mirror:registries): leave one`,
    );
  }
  const args: ProviderArgs = {
    registries: [...(stack.registries ?? []), ...read.registries],
    policies: { ...stack.policies, ...read.policies },
    credentials: config.getSecretObject("credentials"),
    allowUnverified: config.getBoolean("allowUnverified"),
    allowedPlugins: config.getObject("allowedPlugins"),
    trustRefresh: config.get("trustRefresh"),
    refreshBeforeUpdate: config.getBoolean("refreshBeforeUpdate"),
  };
  return new Provider(basename(file, extname(file)), args);
}

/** A provider of the program's own does not know the file's policies: each resource carries its policy itself. */
function withPolicies(file: string, read: GetEstateResult): GetEstateResult {
  const [unknown] = read.registries;
  if (unknown) {
    throw new pulumi.RunError(
      `${file} says how ${unknown.host} is reached, which only a provider made for it can heed: leave out the option provider, or move this to your provider's registries`,
    );
  }
  const withPolicy = <
    One extends { readonly policy: { readonly use?: string } },
  >(
    one: One,
  ): One => {
    const { use } = one.policy;
    const policy = use === undefined ? undefined : read.policies[use];
    return policy === undefined ? one : { ...one, policy };
  };
  return {
    ...read,
    artifacts: read.artifacts.map(withPolicy),
    repositories: read.repositories.map(withPolicy),
  };
}
