import assert from "node:assert/strict";
import {
  bytesOf,
  image,
  index,
  manifest,
  emptyConfig,
  multiArch,
} from "../samples/artifacts";
import { unknownArtifact } from "../samples/otherArtifacts";
import { sha256 } from "../samples/target";
import { errorCodes } from "./plainHttp";
import type { SpecRequirement } from "./requirement";

const nowhere = `sha256:${"0".repeat(64)}`;

/** Manifests and blobs: read, written, refused, deleted. */
export const contentRequirements: readonly SpecRequirement[] = [
  {
    rule: "end-1",
    sentence: "GET /v2/ answers 200",
    async prove(registry) {
      const answer = await registry.follow("/v2/", { method: "GET" });
      assert.equal(answer.status, 200);
    },
  },
  {
    rule: "end-3",
    sentence: "a manifest comes back byte for byte, by tag and by digest",
    async prove(registry) {
      const sample = image();
      await registry.push(sample, "v1");
      for (const reference of ["v1", sample.descriptor.digest]) {
        const answer = await registry.manifest(sample, reference);
        assert.equal(answer.status, 200);
        assert.deepEqual(answer.body, sample.bytes);
        assert.equal(
          answer.headers["content-type"],
          sample.descriptor.mediaType,
        );
        assert.equal(
          answer.headers["docker-content-digest"],
          sample.descriptor.digest,
        );
      }
    },
  },
  {
    rule: "W51",
    sentence: "HEAD of a tag tells digest, length and type, and sends no body",
    async prove(registry) {
      const sample = image();
      await registry.push(sample, "v1");
      const answer = await registry.ask("/manifests/v1", {
        method: "HEAD",
        headers: { accept: sample.descriptor.mediaType },
      });
      assert.equal(answer.status, 200);
      assert.equal(
        answer.headers["docker-content-digest"],
        sample.descriptor.digest,
      );
      assert.equal(
        answer.headers["content-length"],
        String(sample.bytes.length),
      );
      assert.equal(answer.headers["content-type"], sample.descriptor.mediaType);
      assert.equal(answer.body.length, 0);
    },
  },
  {
    rule: "§1.8",
    sentence: "an absent manifest is 404 MANIFEST_UNKNOWN",
    async prove(registry) {
      const sample = image();
      await registry.push(sample, "v1");
      for (const reference of ["v2", nowhere]) {
        const answer = await registry.manifest(sample, reference);
        assert.equal(answer.status, 404);
        assert.deepEqual(errorCodes(answer), ["MANIFEST_UNKNOWN"]);
      }
    },
  },
  {
    rule: "W56",
    sentence: "white space and key order of a manifest survive",
    async prove(registry) {
      const sample = image();
      const spaced = Buffer.from(
        `${JSON.stringify(JSON.parse(sample.bytes.toString()), null, 3)}\n`,
      );
      await registry.push(sample);
      const odd = { ...sample, bytes: spaced };
      assert.equal((await registry.putManifest(odd, "odd")).status, 201);
      const answer = await registry.manifest(sample, "odd");
      assert.deepEqual(answer.body, spaced);
    },
  },
  {
    rule: "W57",
    sentence: "PUT of a manifest answers 201 with its digest and a Location",
    async prove(registry) {
      const sample = image();
      await registry.push(sample);
      const answer = await registry.putManifest(sample, "v1");
      assert.equal(answer.status, 201);
      assert.equal(
        answer.headers["docker-content-digest"],
        sample.descriptor.digest,
      );
      assert.ok(answer.headers["location"]);
    },
  },
  {
    rule: "end-7",
    sentence: "a manifest under a digest that is not its own is refused",
    async prove(registry) {
      const sample = image();
      await registry.push(sample);
      const answer = await registry.putManifest(sample, nowhere);
      assert.equal(answer.status, 400);
      assert.deepEqual(errorCodes(answer), ["DIGEST_INVALID"]);
    },
  },
  {
    rule: "end-7",
    sentence:
      "a manifest whose blobs are absent is refused, and every one is named",
    async prove(registry) {
      const answer = await registry.putManifest(
        image({ layers: [10, 20] }),
        "v1",
      );
      assert.equal(answer.status, 400);
      assert.deepEqual(
        errorCodes(answer),
        Array(3).fill("MANIFEST_BLOB_UNKNOWN"),
      );
    },
  },
  {
    rule: "W155",
    sentence: "an index without one of its manifests is refused",
    async prove(registry) {
      const [here, absent] = [
        image({ seed: "here" }),
        image({ seed: "absent" }),
      ];
      await registry.push(here);
      const answer = await registry.putManifest(index([here, absent]), "v1");
      assert.equal(answer.status, 400);
      assert.deepEqual(errorCodes(answer), ["MANIFEST_BLOB_UNKNOWN"]);
    },
  },
  {
    rule: "W54",
    sentence: "a manifest over 4 MiB is refused",
    async prove(registry) {
      const large = image({ annotations: { padding: "x".repeat(4_300_000) } });
      for (const blob of large.blobs) await registry.pushBlob(blob);
      const answer = await registry.putManifest(large, "v1");
      assert.ok([400, 413].includes(answer.status), String(answer.status));
    },
  },
  {
    rule: "W150",
    sentence: "indexes, Docker lists, and types that nobody knows are taken",
    async prove(registry) {
      await registry.push(multiArch(), "index");
      await registry.push(multiArch({ docker: true }), "list");
      await registry.push(unknownArtifact(), "unknown");
    },
  },
  {
    rule: "W151",
    sentence: "the withdrawn artifact manifest is refused",
    async prove(registry) {
      const type = "application/vnd.oci.artifact.manifest.v1+json";
      const made = manifest({
        mediaType: type,
        config: emptyConfig,
        layers: [],
      });
      for (const blob of made.blobs) await registry.pushBlob(blob);
      assert.equal((await registry.putManifest(made, "v1")).status, 400);
    },
  },
  {
    rule: "W156",
    sentence: "a subject that is absent is no reason to refuse",
    async prove(registry) {
      const subject = image({ seed: "absent" }).descriptor;
      const answer = unknownArtifact(undefined, { subject });
      await registry.push(answer);
    },
  },
  {
    rule: "W70",
    sentence: "HEAD of a blob tells its length; an absent one is 404",
    async prove(registry) {
      const digest = await registry.pushBlob(bytesOf("blob", 5000));
      const answer = await registry.ask(`/blobs/${digest}`, { method: "HEAD" });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-length"], "5000");
      const absent = await registry.ask(`/blobs/${nowhere}`);
      assert.equal(absent.status, 404);
      assert.deepEqual(errorCodes(absent), ["BLOB_UNKNOWN"]);
    },
  },
  {
    rule: "W73",
    sentence: "a range of a blob is 206 with exactly that range",
    async prove(registry) {
      const bytes = bytesOf("blob", 5000);
      const digest = await registry.pushBlob(bytes);
      const headers = { range: "bytes=1000-" };
      const answer = await registry.ask(`/blobs/${digest}`, { headers });
      assert.equal(answer.status, 206);
      assert.equal(answer.headers["content-range"], "bytes 1000-4999/5000");
      assert.deepEqual(answer.body, bytes.subarray(1000));
    },
  },
  {
    rule: "W74",
    sentence: "a range that begins at the end is 416",
    async prove(registry) {
      const digest = await registry.pushBlob(bytesOf("blob", 5000));
      const headers = { range: "bytes=5000-" };
      const answer = await registry.ask(`/blobs/${digest}`, { headers });
      assert.equal(answer.status, 416);
    },
  },
  {
    rule: "W153",
    sentence: "a blob of no bytes is a blob",
    async prove(registry) {
      const digest = await registry.pushBlob(Buffer.alloc(0));
      const answer = await registry.ask(`/blobs/${digest}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.body.length, 0);
    },
  },
  {
    rule: "end-9",
    sentence:
      "deleting a manifest takes its tags along; deleting a tag leaves the manifest",
    needs: "deletes",
    async prove(registry) {
      const sample = image();
      await registry.push(sample, "one", "two");
      const untagged = await registry.ask("/manifests/one", {
        method: "DELETE",
      });
      assert.equal(untagged.status, 202);
      assert.equal((await registry.manifest(sample, "one")).status, 404);
      assert.equal((await registry.manifest(sample, "two")).status, 200);
      const { digest } = sample.descriptor;
      const gone = await registry.ask(`/manifests/${digest}`, {
        method: "DELETE",
      });
      assert.equal(gone.status, 202);
      assert.equal((await registry.manifest(sample, "two")).status, 404);
      const tags = (await registry.ask("/tags/list")).body.toString();
      assert.ok(!tags.includes('"two"'), tags);
    },
  },
  {
    rule: "end-10",
    sentence: "a deleted blob is gone",
    needs: "deletes",
    async prove(registry) {
      const digest = await registry.pushBlob(Buffer.from("gone soon"));
      const answer = await registry.ask(`/blobs/${digest}`, {
        method: "DELETE",
      });
      assert.equal(answer.status, 202);
      assert.equal((await registry.ask(`/blobs/${digest}`)).status, 404);
      assert.equal(digest, sha256(Buffer.from("gone soon")));
    },
  },
];
