import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { bytesOf } from "../samples/artifacts";
import { sha256 } from "../samples/target";
import { errorCodes } from "./plainHttp";
import type { SpecRequirement } from "./requirement";
import { locationOf } from "./speaker";

const bytes = bytesOf("upload", 3000);
const digest = sha256(bytes);

/** Uploads in every form, and mounts. */
export const uploadRequirements: readonly SpecRequirement[] = [
  {
    rule: "W80",
    sentence: "POST then PUT stores a blob and tells its digest",
    async prove(registry) {
      const answer = await registry.finish(await registry.begin(), bytes);
      assert.equal(answer.status, 201);
      assert.equal(answer.headers["docker-content-digest"], digest);
      assert.ok(locationOf(answer).endsWith(`/blobs/${digest}`));
      assert.deepEqual((await registry.ask(`/blobs/${digest}`)).body, bytes);
    },
  },
  {
    rule: "W80",
    sentence: "POST without the last slash is sent to the one with it",
    async prove(registry) {
      const answer = await registry.ask("/blobs/uploads", { method: "POST" });
      assert.equal(answer.status, 301);
      assert.ok(locationOf(answer).endsWith("/blobs/uploads/"));
    },
  },
  {
    rule: "W83",
    sentence: "a POST with digest and body stores a blob at once",
    needs: "singlePost",
    async prove(registry) {
      const answer = await registry.ask(`/blobs/uploads/?digest=${digest}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: bytes,
      });
      assert.equal(answer.status, 201);
      assert.deepEqual((await registry.ask(`/blobs/${digest}`)).body, bytes);
    },
  },
  {
    rule: "W84",
    sentence: "chunks with Content-Range are joined in order",
    async prove(registry) {
      let at = await registry.begin();
      at = await registry.patch(at, bytes.subarray(0, 1000), 0);
      at = await registry.patch(at, bytes.subarray(1000, 2500), 1000);
      at = await registry.patch(at, bytes.subarray(2500), 2500);
      assert.equal(
        (await registry.finish(at, Buffer.alloc(0), digest)).status,
        201,
      );
      assert.deepEqual((await registry.ask(`/blobs/${digest}`)).body, bytes);
    },
  },
  {
    rule: "W84",
    sentence: "the last chunk may come in the PUT",
    async prove(registry) {
      const at = await registry.patch(
        await registry.begin(),
        bytes.subarray(0, 2999),
      );
      const answer = await registry.finish(at, bytes.subarray(2999), digest);
      assert.equal(answer.status, 201);
    },
  },
  {
    rule: "W82",
    sentence:
      "every chunk gives a new Location, and the old one is worth nothing",
    async prove(registry) {
      const first = await registry.begin();
      const second = await registry.patch(first, bytes.subarray(0, 1000));
      assert.notEqual(second, first);
      const answer = await registry.finish(first, bytes.subarray(1000), digest);
      assert.ok(answer.status >= 400, String(answer.status));
    },
  },
  {
    rule: "W85",
    sentence: "a chunk out of order is 416",
    async prove(registry) {
      const answer = await registry.follow(await registry.begin(), {
        method: "PATCH",
        headers: { "content-range": "1000-2999", "content-length": "2000" },
        body: bytes.subarray(1000),
      });
      assert.equal(answer.status, 416);
    },
  },
  {
    rule: "end-13",
    sentence: "an upload tells how far it is",
    async prove(registry) {
      const at = await registry.patch(
        await registry.begin(),
        bytes.subarray(0, 1000),
      );
      const answer = await registry.follow(at, { method: "GET" });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers["range"], "0-999");
      locationOf(answer);
    },
  },
  {
    rule: "W86",
    sentence: "a cancelled upload is unknown, and so is a finished one",
    async prove(registry) {
      const cancelled = await registry.begin();
      const answer = await registry.follow(cancelled, { method: "DELETE" });
      assert.equal(answer.status, 204);
      const finished = await registry.begin();
      await registry.finish(finished, bytes);
      for (const at of [cancelled, finished]) {
        const again = await registry.finish(at, bytes);
        assert.equal(again.status, 404);
        assert.deepEqual(errorCodes(again), ["BLOB_UPLOAD_UNKNOWN"]);
      }
    },
  },
  {
    rule: "end-6",
    sentence:
      "a blob under a digest that is not its own is refused and not kept",
    async prove(registry) {
      const wrong = sha256(Buffer.from("something else"));
      const answer = await registry.finish(
        await registry.begin(),
        bytes,
        wrong,
      );
      assert.equal(answer.status, 400);
      assert.deepEqual(errorCodes(answer), ["DIGEST_INVALID"]);
      assert.equal((await registry.ask(`/blobs/${wrong}`)).status, 404);
    },
  },
  {
    rule: "W87",
    sentence: "a blob may be stored and read under sha512",
    needs: "sha512",
    async prove(registry) {
      const hex = createHash("sha512").update(bytes).digest("hex");
      const answer = await registry.finish(
        await registry.begin(),
        bytes,
        `sha512:${hex}`,
      );
      assert.equal(answer.status, 201);
      assert.deepEqual(
        (await registry.ask(`/blobs/sha512:${hex}`)).body,
        bytes,
      );
    },
  },
  {
    rule: "W91",
    sentence: "a mount of a blob of another repository is 201, and it is there",
    async prove(registry) {
      await registry.pushBlob(bytes);
      const other = registry.beside("mounted");
      const query = `?mount=${digest}&from=${registry.repository}`;
      const answer = await other.ask(`/blobs/uploads/${query}`, {
        method: "POST",
      });
      assert.equal(answer.status, 201);
      assert.deepEqual((await other.ask(`/blobs/${digest}`)).body, bytes);
    },
  },
  {
    rule: "W91",
    sentence: "a mount that cannot be is 202, an upload that works",
    async prove(registry) {
      for (const from of ["&from=no/where", ""]) {
        const at = await registry.begin(`?mount=${digest}${from}`);
        assert.equal((await registry.finish(at, bytes)).status, 201);
      }
    },
  },
  {
    rule: "CVE-2026-35172",
    sentence: "a blob of one repository cannot be read by the name of another",
    async prove(registry) {
      await registry.pushBlob(bytes);
      const answer = await registry.beside("stranger").ask(`/blobs/${digest}`);
      assert.equal(answer.status, 404);
    },
  },
];
