import type { SparseIndex } from "../../../mirror/ports";
import type { CatalogWay } from "../../../mirror/repositories";
import { Recent } from "./recent";

/** What a product is known for, and cannot be learnt from one answer without harm. */
interface Traits {
  /** how it is called in messages */
  readonly product?: string;
  /** it takes a blob whole or not at all (F26) */
  readonly pieces?: "refused";
  /** the most bytes that it takes in one PATCH (F25) */
  readonly pieceBytes?: number;
  /** what to do where a repository is missing: it makes none by itself (F51) */
  readonly createRepository?: string;
  /** how its repositories are listed; else by `_catalog` */
  readonly catalog?: CatalogWay;
  /** how to remove there what the distribution API does not remove */
  readonly removal?: string;
}

const mebibyte = 1024 * 1024;

/** Hosted registries, told by the whole name of their API host. Self-hosted products look like anything: they are learnt. */
const hosted: readonly (readonly [host: RegExp, traits: Traits])[] = [
  [
    /^registry-1\.docker\.io$/,
    {
      product: "Docker Hub",
      catalog: "docker-hub",
      removal: "remove it at hub.docker.com, or by its API",
    },
  ],
  [
    /^ghcr\.io$/,
    {
      product: "GitHub's registry",
      catalog: "github",
      pieceBytes: 4 * mebibyte,
      removal:
        "remove the package's version on its page at GitHub, or by GitHub's API",
    },
  ],
  [
    /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn))$/,
    {
      product: "Amazon ECR",
      catalog: "ecr",
      createRepository:
        "create it (`aws ecr create-repository --repository-name …`, or `aws.ecr.Repository` in this program), or give the registry a creation template for CREATE_ON_PUSH",
    },
  ],
  [
    /^public\.ecr\.aws$/,
    {
      product: "Amazon ECR Public",
      createRepository:
        "create it (`aws ecr-public create-repository --region us-east-1 --repository-name …`, or `aws.ecrpublic.Repository` in this program)",
    },
  ],
  [
    /^[a-z0-9-]+-docker\.pkg\.dev$/,
    {
      product: "Google Artifact Registry",
      catalog: "google",
      pieces: "refused",
      createRepository:
        "create it (`gcloud artifacts repositories create … --repository-format=docker`, or `gcp.artifactregistry.Repository` in this program)",
    },
  ],
  [
    /^(?:[a-z0-9-]+\.)?gcr\.io$/,
    {
      product: "Google Container Registry",
      catalog: "google",
      pieces: "refused",
      createRepository:
        "create it: gcr.io is a repository of Artifact Registry now",
    },
  ],
  [
    /^[a-z0-9-]+(?:\.[a-z0-9]+)?\.azurecr\.(?:io|cn|us|de)$/,
    { product: "Azure Container Registry" },
  ],
  [
    /^[a-z0-9-]+\.jfrog\.io$/,
    { product: "Artifactory", catalog: "artifactory" },
  ],
  [/^quay\.io$/, { product: "Quay", catalog: "quay" }],
  [
    /^registry\.gitlab\.com$/,
    {
      product: "GitLab's registry",
      catalog: "gitlab",
      createRepository:
        "create the project whose path the repository's name begins with",
    },
  ],
];

/** Whether a host does something: learnt from its answers. */
type Learnt = "offered" | "refused" | "unknown";

/** What is known of one host: what is listed of it, and what its answers teach us, which wins. */
export interface Profile {
  readonly traits: Traits;
  /** `GET …/referrers/` answered with an index somewhere (W100) */
  referrers: "offered" | "unknown";
  /** repositories where it was not offered (W101): behind one host others may be kept by another registry, whose signatures must not be hidden */
  readonly withoutReferrers: Recent<true>;
  sparseIndex: SparseIndex;
  /** a manifest whose blobs are missing was refused for that reason: there its PUT is a question that can be asked */
  rejectsDangling: "yes" | "no" | "asking" | "unknown";
  /** such a refusal has named several blobs: what it does not name is here */
  namesAllMissing: boolean;
  /** blobs known to be in another repository of ours are given to this one; `later`: a session came instead (W91, W92) */
  mount: Learnt | "later";
  /** a mount from the very repository says truly whether the blob is there */
  mountSelf: Learnt;
  /** `POST ?digest=` with the whole body (W83); `asking` while the first of them is on its way */
  singlePost: Learnt | "asking";
  /** PATCH (W84) */
  pieces: Learnt;
  /** larger bodies were answered 413 */
  maxBodyBytes: number;
  /** how much goes into one PATCH */
  pieceBytes: number;
}

const maxRepositories = 10_000;
const defaultPieceBytes = 4 * mebibyte; // held in memory, of four blobs at once

/** Profiles by API host, for as long as the process lives. */
export class Profiles {
  readonly #known = new Map<string, Profile>();

  of(host: string): Profile {
    const known = this.#known.get(host) ?? newProfile(host);
    this.#known.set(host, known);
    return known;
  }
}

function newProfile(host: string): Profile {
  const traits = hosted.find(([name]) => name.test(host))?.[1] ?? {};
  return {
    traits,
    withoutReferrers: new Recent(maxRepositories),
    referrers: "unknown", // never listed: a host that learnt it since would hide its signatures from us
    sparseIndex: "unknown",
    rejectsDangling: "unknown",
    namesAllMissing: false,
    mount: "unknown",
    mountSelf: "unknown",
    singlePost: "unknown",
    pieces: traits.pieces ?? "unknown",
    maxBodyBytes: Infinity,
    pieceBytes: traits.pieceBytes ?? defaultPieceBytes,
  };
}
