import { describeBlobs } from "./storeBlobs";
import { describeManifests } from "./storeManifests";
import { describeReading } from "./storeReading";
import { describeReferrers } from "./storeReferrers";
import { emptyConfig } from "./storeSamples";
import { describeTags } from "./storeTags";
import { bring, type StoreUnderTest } from "./storeUnderTest";

/** What every store must keep, whatever it stores in. `make` gives an empty place. */
export function describeStore(
  name: string,
  make: () => Promise<StoreUnderTest>,
): void {
  describe(`${name} keeps the contract of a store:`, () => {
    let store: StoreUnderTest;
    const use = () => store;

    beforeEach(async () => {
      store = await make();
      await bring(store, emptyConfig);
    });
    afterEach(() => store.close());

    describeBlobs(use);
    describeReading(use);
    describeManifests(use);
    describeTags(use);
    describeReferrers(use);
  });
}
