import { artifact } from "./storeSamples";
import { byDigest, type StoreUnderTest } from "./storeUnderTest";

/** Listing referrers. */
export function describeReferrers(use: () => StoreUnderTest): void {
  test("all referrers of a subject are listed, each once, with type and annotations", async () => {
    const { destination, source, reach } = use();
    const [subject, other] = [artifact("subject"), artifact("other")];
    const titles = ["one", "two", "three"];
    const referrers = titles.map((t) => artifact(t, subject.descriptor));
    const more = artifact("more", other.descriptor);
    for (const node of [subject, ...referrers, more, ...referrers]) {
      await destination.put(node, reach);
    }
    const listed = await source.referrers(subject.descriptor.digest, reach);
    expect(byDigest(listed)).toMatchObject(
      byDigest(
        referrers.map(({ descriptor, manifest }) => ({
          ...descriptor,
          artifactType: "application/vnd.test.artifact",
          annotations: { ...manifest.annotations },
        })),
      ),
    );
    expect(listed).toHaveLength(3);
    expect(await source.referrers(more.descriptor.digest, reach)).toEqual([]);
  });

  test("a subject need not be there, and referrers have referrers", async () => {
    const { destination, source, reach } = use();
    const first = artifact("first", artifact("absent").descriptor);
    const second = artifact("second", first.descriptor);
    await destination.put(second, reach);
    await destination.put(first, reach);
    for (const [subject, referrer] of [
      [artifact("absent"), first],
      [first, second],
    ] as const) {
      const listed = await source.referrers(subject.descriptor.digest, reach);
      expect(listed).toMatchObject([referrer.descriptor]);
    }
  });

  test("a referrer that is removed is listed no more", async () => {
    const { destination, source, reach } = use();
    const subject = artifact("subject");
    const referrer = artifact("referrer", subject.descriptor);
    await destination.put(subject, reach);
    await destination.put(referrer, reach);
    await destination.remove(referrer.descriptor, reach);
    expect(await source.referrers(subject.descriptor.digest, reach)).toEqual(
      [],
    );
  });

  test("referrers that are put at the same time are all listed", async () => {
    const { destination, source, reach } = use();
    const subject = artifact("subject");
    await destination.put(subject, reach);
    const titles = Array.from({ length: 12 }, (_, i) => `referrer ${i}`);
    const referrers = titles.map((t) => artifact(t, subject.descriptor));
    await Promise.all(referrers.map((node) => destination.put(node, reach)));
    const listed = await source.referrers(subject.descriptor.digest, reach);
    expect(listed.map((node) => node.digest).sort()).toEqual(
      referrers.map((node) => node.descriptor.digest).sort(),
    );
  });
}
