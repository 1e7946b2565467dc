import { digestOf } from "../../../provider/oci/digest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo } from "../stores/opened";
import { json, reachBy, scripted, type Reply } from "../stores/script";

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests: [],
});
const subject = digestOf(Buffer.from(manifest));
const absent = json({ errors: [{ code: "MANIFEST_UNKNOWN" }] }, 404);
const page: Reply = {
  status: 404,
  headers: { "content-type": "text/html" },
  body: "<html>no route</html>",
};
const listing: Reply = {
  status: 200,
  headers: { "content-type": mediaTypes.ociIndex },
  body: manifest,
};

function storeOver(answer: Parameters<typeof scripted>[0]) {
  const { send, requests } = scripted(answer);
  const store = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: fakeClock(),
  })(referenceTo("reg.example/a/b"), { side: "destination", isWriter: true });
  return { store, requests, reach: reachBy(send) };
}

test.each([
  ["a proxy's page", page],
  ["a 404 without a word", { status: 404 }],
  ["a 405", { status: 405 }],
  [
    "a login page",
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
  ],
  [
    "a redirect to a login page",
    { status: 302, headers: { location: "https://login.example/" } },
  ],
])(
  "after the API has answered once, %s is not an empty list of evidence",
  async (_, answer) => {
    let isUp = true;
    const { store, reach } = storeOver(({ url }) => {
      if (url.pathname.includes("/referrers/")) return isUp ? listing : answer;
      return absent;
    });
    await expect(store.referrers(subject, reach)).resolves.toEqual([]);
    isUp = false;
    await expect(store.referrers(subject, reach)).rejects.toMatchObject({
      name: "MirrorError",
    });
  },
);

test("a repository that is proven absent has no evidence, also where the API is known", async () => {
  let isUp = true;
  const gone = json({ errors: [{ code: "NAME_UNKNOWN" }] }, 404);
  const { store, reach } = storeOver(({ url }) => {
    if (!url.pathname.includes("/referrers/")) return gone;
    return isUp ? listing : gone;
  });
  await store.referrers(subject, reach);
  isUp = false;
  await expect(store.referrers(subject, reach)).resolves.toEqual([]);
});

test.each(["untag", "remove"] as const)(
  "%s: a 404 that proves nothing does not count as done",
  async (verb) => {
    const { store, reach } = storeOver(({ method }) =>
      method === "DELETE"
        ? page
        : {
            status: 200,
            headers: {
              "content-type": mediaTypes.ociIndex,
              "docker-content-digest": subject,
              "content-length": String(manifest.length),
            },
            body: manifest,
          },
    );
    const node = {
      mediaType: mediaTypes.ociIndex,
      digest: subject,
      size: manifest.length,
    };
    await expect(
      verb === "untag" ? store.untag("1", reach) : store.remove(node, reach),
    ).rejects.toMatchObject({ fault: "unreachable" });
  },
);

test("a tag that is proven to be gone is a success", async () => {
  const { store, reach, requests } = storeOver(() => absent);
  await store.untag("1", reach);
  expect(requests.map(({ method }) => method)).toContain("DELETE");
});
