import assert from "node:assert/strict";
import { image } from "../samples/artifacts";
import { unknownArtifact } from "../samples/otherArtifacts";
import type { SampleDescriptor } from "../samples/target";
import { errorCodes, type PlainAnswer } from "./plainHttp";
import type { SpecRequirement } from "./requirement";
import type { Speaker } from "./speaker";

/** Tags and referrers, page by page. */
export const listingRequirements: readonly SpecRequirement[] = [
  {
    rule: "W120",
    sentence: "pages of tags by Link hold every tag once, in order",
    async prove(registry) {
      const tags = ["a", "b", "c", "d", "e"];
      await registry.push(image(), ...tags);
      assert.deepEqual(await allPages(registry, "/tags/list?n=2"), tags);
      assert.deepEqual(await allPages(registry, "/tags/list"), tags);
    },
  },
  {
    rule: "W120",
    sentence: "tags after `last` leave it out",
    async prove(registry) {
      await registry.push(image(), "a", "b", "c");
      const answer = await registry.ask("/tags/list?n=10&last=a");
      assert.deepEqual(field(answer, "tags"), ["b", "c"]);
    },
  },
  {
    rule: "F51",
    sentence: "tags of a repository that does not exist are 404 NAME_UNKNOWN",
    async prove(registry) {
      const answer = await registry.ask("/tags/list");
      assert.equal(answer.status, 404);
      assert.deepEqual(errorCodes(answer), ["NAME_UNKNOWN"]);
    },
  },
  {
    rule: "W106",
    sentence: "a manifest with a subject is answered with OCI-Subject",
    needs: "referrers",
    async prove(registry) {
      const subject = image().descriptor;
      const referrer = unknownArtifact(undefined, { subject });
      await registry.push(referrer);
      const answer = await registry.putManifest(referrer);
      assert.equal(answer.headers["oci-subject"], subject.digest);
    },
  },
  {
    rule: "W100",
    sentence:
      "referrers are an index with type, artifact type and size of each",
    needs: "referrers",
    async prove(registry) {
      const subject = image().descriptor;
      const referrer = unknownArtifact("application/x-one", { subject });
      await registry.push(referrer);
      const answer = await registry.ask(`/referrers/${subject.digest}`);
      const type = "application/vnd.oci.image.index.v1+json";
      assert.equal(answer.headers["content-type"], type);
      const [only, ...more] = field(answer, "manifests");
      assert.deepEqual(only, bareReferrer(referrer.descriptor));
      assert.deepEqual(more, []);
    },
  },
  {
    rule: "W100",
    sentence: "a digest that nothing refers to has an empty list, not a 404",
    needs: "referrers",
    async prove(registry) {
      const answer = await registry.ask(
        `/referrers/${image().descriptor.digest}`,
      );
      assert.equal(answer.status, 200);
      assert.deepEqual(field(answer, "manifests"), []);
    },
  },
  {
    rule: "W104",
    sentence: "referrers filtered by artifact type say so",
    needs: "referrers",
    async prove(registry) {
      const subject = image().descriptor;
      const one = unknownArtifact("application/x-one", { subject });
      await registry.push(one);
      await registry.push(unknownArtifact("application/x-two", { subject }));
      const path = `/referrers/${subject.digest}?artifactType=application/x-one`;
      const answer = await registry.ask(path);
      assert.equal(answer.headers["oci-filters-applied"], "artifactType");
      assert.deepEqual(field(answer, "manifests"), [
        bareReferrer(one.descriptor),
      ]);
    },
  },
  {
    rule: "W101",
    sentence: "a config's type stands in for a missing artifact type",
    needs: "referrers",
    async prove(registry) {
      const subject = image({ seed: "subject" }).descriptor;
      await registry.push(image({ seed: "referrer", subject }));
      const answer = await registry.ask(`/referrers/${subject.digest}`);
      const artifactType = "application/vnd.oci.image.config.v1+json";
      const [only] = field(answer, "manifests");
      assert.equal(property(only, "artifactType"), artifactType);
    },
  },
];

function bareReferrer(descriptor: SampleDescriptor): object {
  const { mediaType, digest, size, artifactType } = descriptor;
  return { mediaType, digest, size, artifactType };
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function field(answer: PlainAnswer, name: string): readonly unknown[] {
  const list = property(JSON.parse(answer.body.toString("utf8")), name);
  assert.ok(Array.isArray(list), `no list of ${name}`);
  return list;
}

async function allPages(
  registry: Speaker,
  first: string,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let answer = await registry.ask(first);
  for (let page = 0; page < 10; page += 1) {
    found.push(...field(answer, "tags"));
    const next = /^<([^>]+)>; rel="next"$/.exec(
      answer.headers["link"] ?? "",
    )?.[1];
    if (next === undefined) return found;
    answer = await registry.follow(next, { method: "GET" });
  }
  throw new Error("the pages have no end");
}
