import { connect } from "node:tls";
import {
  bytesOf,
  emptyConfig,
  image,
  index,
  manifest,
} from "../samples/artifacts";
import { unknownArtifact } from "../samples/otherArtifacts";
import { errorCodes } from "./plainHttp";
import {
  type RegistryOptions,
  startRegistry,
  type TestRegistry,
} from "./registry";
import { Speaker } from "./speaker";

let registry: TestRegistry | undefined;
async function start(options: RegistryOptions): Promise<Speaker> {
  registry = await startRegistry(options);
  return new Speaker(registry.origin, "team/app");
}
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});
const sample = image();

test("without the referrers API a subject is not acknowledged and nothing is listed", async () => {
  const speaker = await start({ referrersApi: false });
  const referrer = unknownArtifact(undefined, { subject: sample.descriptor });
  await speaker.push(referrer);
  const put = await speaker.putManifest(referrer);
  expect(put.headers).not.toHaveProperty("oci-subject");
  expect(
    (await speaker.ask(`/referrers/${sample.descriptor.digest}`)).status,
  ).toBe(404);
});

test.each(["/tags/list", "/referrers"])(
  "%s come in pages of the size that was set",
  async (path) => {
    const speaker = await start({ pageSize: 2 });
    await speaker.push(sample, "a", "b", "c");
    const { digest } = sample.descriptor;
    for (const seed of ["1", "2", "3"]) {
      await speaker.push(
        unknownArtifact(undefined, { seed, subject: sample.descriptor }),
      );
    }
    const first = await speaker.ask(
      path === "/referrers" ? `${path}/${digest}` : path,
    );
    const next =
      /^<(.*)>; rel="next"$/.exec(first.headers["link"] ?? "")?.[1] ?? "";
    const second = await speaker.follow(next, { method: "GET" });
    expect(second.status).toBe(200);
    expect(second.headers).not.toHaveProperty("link");
  },
);

test.each([
  ["harbor", 412, "PRECONDITION"],
  ["ecr", 400, "TAG_INVALID"],
] as const)(
  "an immutable tag, as %s says it",
  async (immutableTags, status, code) => {
    const speaker = await start({ immutableTags });
    await speaker.push(sample, "v1");
    const answer = await speaker.putManifest(sample, "v1");
    expect(answer.status).toBe(status);
    expect(errorCodes(answer)).toEqual([code]);
  },
);

test("a sparse index is taken where that is said", async () => {
  const speaker = await start({ sparseIndex: "accept" });
  expect((await speaker.putManifest(index([sample]), "v1")).status).toBe(201);
});

test("a repository that must be made first is unknown until then", async () => {
  const speaker = await start({ missingRepositories: "refuse" });
  const refused = await speaker.ask("/blobs/uploads/", { method: "POST" });
  expect(errorCodes(refused)).toEqual(["NAME_UNKNOWN"]);
  registry?.createRepository("team/app");
  await speaker.push(sample, "v1");
});

test.each([
  ["deleteTags", "/manifests/v1", 405],
  ["deletes", `/manifests/${sample.descriptor.digest}`, 405],
])("without %s, DELETE of %s is %i", async (option, path, status) => {
  const speaker = await start({ [option]: false });
  await speaker.push(sample, "v1");
  expect((await speaker.ask(path, { method: "DELETE" })).status).toBe(status);
});

test("without sha512 such a digest is refused", async () => {
  const speaker = await start({ sha512: false });
  const digest = `sha512:${"0".repeat(128)}`;
  const answer = await speaker.finish(
    await speaker.begin(),
    bytesOf("x", 5),
    digest,
  );
  expect(errorCodes(answer)).toEqual(["DIGEST_INVALID"]);
});

test("without mounts a mount is an upload", async () => {
  const speaker = await start({ mount: false });
  const digest = await speaker.pushBlob(bytesOf("x", 5));
  await speaker.beside("copy").begin(`?mount=${digest}&from=team/app`);
});

test("a relative Location works as well", async () => {
  const speaker = await start({ locations: "relative" });
  expect(await speaker.begin()).toMatch(/^\/v2\//);
  await speaker.push(sample, "v1");
});

test("https with a certificate that its own PEM proves", async () => {
  registry = await startRegistry({ tls: true });
  const [host, port] = registry.host.split(":");
  const ca = registry.caPem;
  const authorized = await new Promise<boolean>((resolve, reject) => {
    const socket = connect({ host, port: Number(port), ca }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.once("error", reject);
  });
  expect(authorized).toBe(true);
});

test("a last piece that does not follow is 416, and the upload goes on", async () => {
  const speaker = await start({});
  const put = await speaker.follow(await speaker.begin(), {
    method: "PUT",
    headers: { "content-range": "1000-1999", "content-length": "1000" },
    body: bytesOf("piece", 1000),
  });
  expect(put.status).toBe(416);
});

test("a layer that may not be distributed need not be there", async () => {
  const speaker = await start({});
  const type = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
  const elsewhere = { mediaType: type, bytes: bytesOf("elsewhere", 100) };
  const whole = manifest({ config: emptyConfig, layers: [elsewhere] });
  await speaker.push({ ...whole, blobs: [emptyConfig.bytes] }, "1");
  expect((await speaker.manifest(whole, "1")).status).toBe(200);
});
