import type { Digest } from "../../../provider/oci/digest";
import { isDigest } from "../../../provider/oci/digest";
import type { RegistryOptions } from "../../registry/registry";
import { startRegistry } from "../../registry/registry";
import { mirrorUser, opened, referenceTo } from "../../unit/stores/opened";
import { describeStore } from "../storeContract";
import type { StoreUnderTest } from "../storeUnderTest";

const repository = "mirror/app";

async function make(options: RegistryOptions): Promise<StoreUnderTest> {
  const registry = await startRegistry({ sparseIndex: "accept", ...options });
  const { network, registries, reach } = opened([registry.host], {
    credentials: async () => mirrorUser,
  });
  const reference = referenceTo(`${registry.host}/${repository}`);
  return {
    destination: registries(reference, { side: "destination", isWriter: true }),
    source: registries(reference, { side: "source", isWriter: false }),
    reach,
    plant: async (digest: Digest, bytes) => {
      const known = registry.manifest(repository, digest);
      if (known !== undefined)
        registry.putManifest(repository, { ...known, bytes }, digest);
      else if (isDigest(digest)) registry.putBlob(repository, bytes, digest);
    },
    close: async () => {
      await network.close();
      await registry.close();
    },
  };
}

describe.each<[string, RegistryOptions]>([
  ["a registry with the referrers API", { auth: "token" }],
  ["a registry without it", { referrersApi: false }],
  [
    "a registry with Basic, relative locations and short pages",
    { auth: "basic", locations: "relative", pageSize: 2 },
  ],
])("%s", (name, options) => describeStore(name, () => make(options)));
