import { MirrorError } from "../../mirror/errors";
import type { Reach } from "../../mirror/ports";
import type { ListedRepository } from "../../mirror/repositories";
import { cloudFailure } from "../cloud/failure";
import { CloudRequests } from "../cloud/requests";
import { clientOptions, withName, type AwsSettings } from "./aws";
import { parseEcrHost, type EcrHost } from "./ecrHost";

const pageSize = 50; // a page must fit into what is read of a cloud's answer
const maxPages = 1000;

/** Lists a private ECR registry's repositories by AWS's API. */
export async function* ecrRepositories(
  registry: string,
  settings: AwsSettings,
  reach: Reach,
): AsyncGenerator<readonly ListedRepository[], void, undefined> {
  const place = parseEcrHost(registry);
  if (place === undefined) throw notPrivate(registry);
  const requests = new CloudRequests(reach);
  const ask = await asker({ registry, place, settings }, requests, reach);
  let token: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await ask(token).catch((error: unknown) => {
      const source = `AWS's API for ${registry}`;
      const remedy =
        "check that an AWS identity is at hand here, and that it may call ecr:DescribeRepositories";
      throw cloudFailure(withName(error), { source, remedy }, requests);
    });
    yield (answer.repositories ?? []).map(({ repositoryName, createdAt }) => ({
      name: repositoryName ?? "",
      ...(createdAt && { updated: createdAt.toISOString() }),
    }));
    token = answer.nextToken;
    if (token === undefined) return;
  }
  throw tooMany(registry);
}

async function asker(
  at: {
    readonly registry: string;
    readonly place: EcrHost;
    readonly settings: AwsSettings;
  },
  requests: CloudRequests,
  { signal: abortSignal }: Reach,
) {
  const { ECRClient, DescribeRepositoriesCommand } =
    await import("@aws-sdk/client-ecr"); // heavy, and for these hosts only
  const client = new ECRClient(
    await clientOptions(at.settings, at.place, requests),
  );
  const registryId = at.registry.slice(0, 12);
  return (nextToken: string | undefined) =>
    client.send(
      new DescribeRepositoriesCommand({
        registryId,
        maxResults: pageSize,
        nextToken,
      }),
      { abortSignal },
    );
}

function notPrivate(registry: string): MirrorError {
  return new MirrorError({
    fault: "unsupported",
    code: "UNSUPPORTED",
    what: "could not list the repositories",
    why: `${registry} is no private ECR registry, and AWS lists no other`,
    remedy: "name the repositories yourself",
  });
}

function tooMany(registry: string): MirrorError {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not list the repositories",
    why: `${registry} has more than ${maxPages} pages of them`,
    remedy: "name the repositories yourself",
  });
}
