import type { FindCredential } from "../../mirror/credential";
import type { Side } from "../../mirror/errors";
import type { Destination, SparseIndex } from "../../mirror/ports";
import type {
  CloudRepositories,
  ListRepositories,
} from "../../mirror/repositories";
import { repositoryOf, type RegistryReference } from "../../oci/reference";
import type { Clock } from "./pace/clock";
import { endpointsOf } from "./endpoints";
import { newMemory, type Memory } from "./memory/memory";
import { Keyring } from "./login/keyring";
import { readerOf } from "./reading/reader";
import { listRepositories } from "./reading/repositories/list";
import type { Place } from "./place";
import { Profiles } from "./memory/profile";
import { following } from "./wire/redirect";
import { Lanes } from "./pace/lanes";
import { patient, retrying, type Patience } from "./pace/retry";
import { settingsOf, type RegistrySettings } from "./settings";
import { awaiting } from "./writing/manifests/awaiting";
import { copyBlob } from "./writing/blobs/copy";
import { putManifest } from "./writing/manifests/put";
import { offerImage } from "./writing/manifests/offerImage";
import { deleteManifest, deleteTag } from "./writing/manifests/removal";
import { putTag } from "./writing/manifests/tags";

/** What the registry shelf is made of. */
export interface RegistriesOptions {
  readonly registries: readonly RegistrySettings[];
  readonly credentials: FindCredential;
  readonly clock: Clock;
  readonly patience?: Patience;
  readonly cloudRepositories?: CloudRepositories | undefined;
}

/** What a repository is opened for. Only a writer asks for push (W40). */
export interface Opening {
  readonly side: Side;
  readonly isWriter: boolean;
}

/** Opens repositories that share what the process learns: tokens, host profiles, where which blob is. */
export interface Registries {
  (reference: RegistryReference, opening: Opening): Destination;
  readonly repositories: ListRepositories;
}

/** Makes the registry shelf; asks nobody. */
export function openRegistries(options: RegistriesOptions): Registries {
  const { clock, patience = patient } = options;
  const shared: Shared = {
    options: { ...options, patience },
    keyring: new Keyring(options.credentials, clock),
    profiles: new Profiles(),
    memory: newMemory(),
    lanes: new Lanes({ clock, patience }),
  };
  const source = { side: "source", isWriter: false } as const;
  const repositories: ListRepositories = (wish, reach) =>
    listRepositories(wish, {
      reach,
      cloud: options.cloudRepositories,
      open: (registry, repository) =>
        placeOf({ kind: "registry", registry, repository }, source, shared),
    });
  return Object.assign(
    (reference: RegistryReference, opening: Opening) =>
      registryStore(placeOf(reference, opening, shared)),
    { repositories },
  );
}

interface Shared {
  readonly options: RegistriesOptions & { readonly patience: Patience };
  readonly keyring: Keyring;
  readonly profiles: Profiles;
  readonly memory: Memory;
  readonly lanes: Lanes;
}

function placeOf(
  reference: RegistryReference,
  opening: Opening,
  shared: Shared,
): Place {
  const { registries, clock, patience } = shared.options;
  const {
    plainHttp = false,
    skipTlsVerify = false,
    trustedRealms = [],
    minRemaining,
  } = settingsOf(registries, reference.registry);
  const endpoints = endpointsOf({
    registry: reference.registry,
    name: reference.repository,
    plainHttp,
  });
  const repository = repositoryOf(reference);
  return {
    side: opening.side,
    repository,
    endpoints,
    profile: shared.profiles.of(endpoints.host),
    ...shared.memory,
    lane: shared.lanes.open({
      origin: endpoints.origin,
      minRemaining,
      ...(skipTlsVerify ? { caution: unproven(endpoints.host) } : {}),
      hide: (text) => shared.keyring.hide(repository, text),
    }),
    clock,
    patience,
    actions: opening.isWriter ? ["pull", "push"] : ["pull"],
    gate: {
      repository,
      keyring: shared.keyring,
      clock,
      realms: { origin: endpoints.origin, plainHttp, trustedRealms },
      toTokenServer: (reach) =>
        retrying(following(reach.send, "refuse"), {
          clock,
          patience,
          now: () => reach.now(),
          notice: (notice) => reach.notice?.(notice),
        }),
    },
  };
}

const unproven = (host: string): string =>
  `the certificate of ${host} is not looked at: \`skipTlsVerify\` takes any, and whoever stands in between sees the credential; prefer \`caPem\``;

/** A repository in a registry, by the distribution spec. */
function registryStore(place: Place): Destination {
  return {
    side: place.side,
    repository: place.repository,
    get sparseIndex(): SparseIndex {
      return place.profile.sparseIndex;
    },
    get isMissing(): boolean {
      return place.holdings.isMissing(place.repository);
    },
    ...awaiting(place, readerOf(place)),
    copyFrom: (source, blob, { reach, onBytes, isAbsent = false }) =>
      copyBlob(place, { source, blob, onBytes, isAbsent }, reach),
    offer: (node, reach) => offerImage(place, node, reach),
    put: (node, reach) => putManifest(place, node, reach),
    tag: (tag, node, reach) => putTag(place, { tag, node }, reach),
    untag: (tag, reach) => deleteTag(place, tag, reach),
    remove: (node, reach) => deleteManifest(place, node, reach),
  };
}
