import { digestOf } from "../../../provider/oci/digest";
import { json, type Reply } from "./script";
import { blob, bytes, scriptedPlace } from "./scriptedPlace";

const begun = "https://reg.example/v2/mirror/app/blobs/uploads/";

/** A registry that begins at a location and takes what comes. */
function beginsAt(location: string, headers = {}) {
  return ({ method }: { readonly method: string }): Reply => {
    if (method === "POST")
      return { status: 202, headers: { location, ...headers } };
    return { status: method === "PUT" ? 201 : 404 };
  };
}

test.each([
  ["absolute", `${begun}id`, `${begun}id?`],
  [
    "with a query",
    `${begun}id?_state=a%2Fb%3D&x=1`,
    `${begun}id?_state=a%2Fb%3D&x=1&`,
  ],
  ["of the path", "/v2/mirror/app/blobs/uploads/id", `${begun}id?`],
  [
    "of the path, elsewhere (GAR)",
    "/artifacts-uploads/x/uploads/id?s=1",
    "https://reg.example/artifacts-uploads/x/uploads/id?s=1&",
  ],
  ["beside the request", "id", `${begun}id?`],
  [
    "without a scheme",
    "//reg.example/v2/mirror/app/blobs/uploads/id",
    `${begun}id?`,
  ],
])("W81: a Location %s is followed as it stands", async (_, location, put) => {
  const place = scriptedPlace("reg.example/mirror/app", beginsAt(location));
  await expect(place.copy()).resolves.toBe(bytes.length);
  const digest = encodeURIComponent(blob.digest);
  expect(place.asked().at(-1)).toBe(`PUT ${put}digest=${digest}`);
});

test("W80: an upload begins with a slash at its end, and says how long the whole is", async () => {
  const place = scriptedPlace("reg.example/mirror/app", beginsAt("id"));
  await place.copy();
  expect(place.script.requests.at(0)?.url.pathname).toBe(
    "/v2/mirror/app/blobs/uploads/",
  );
  expect(place.script.requests.at(-1)?.headers).toMatchObject({
    "content-length": String(bytes.length),
    "content-type": "application/octet-stream",
  });
});

test("N12: a Location in clear on the same host goes over https, with one warning however many there are", async () => {
  const place = scriptedPlace(
    "reg.example/mirror/app",
    beginsAt("http://reg.example/v2/mirror/app/blobs/uploads/id"),
  );
  await place.copy();
  const other = Buffer.from("another blob");
  const digest = digestOf(other);
  await place.bring({ ...blob, digest, size: other.length }, other);
  expect(place.asked().join()).not.toContain("http://");
  expect(place.warnings).toEqual([expect.stringMatching(/reg\.example/)]);
});

test.each([
  ["nothing", {}],
  ["another host", { location: "https://attacker.test/u" }],
  ["another port", { location: "https://reg.example:8443/u" }],
  ["a name before it", { location: "https://me:secret@reg.example/u" }],
])("N10: an upload that goes on at %s gets no byte", async (_, headers) => {
  const place = scriptedPlace("reg.example/mirror/app", () => ({
    status: 202,
    headers,
  }));
  await expect(place.copy()).rejects.toMatchObject({ code: "PROTOCOL" });
  expect(place.asked().filter((one) => /attacker|:8443|me:/.test(one))).toEqual(
    [],
  );
  expect(place.script.requests.map(({ method }) => method)).not.toContain(
    "PUT",
  );
});

const refusesBody =
  (code: string, message: string) =>
  ({ method }: { readonly method: string }, nth: number): Reply =>
    method === "POST"
      ? { status: 202, headers: { location: `id${nth}` } }
      : json({ errors: [{ code, message }] }, method === "PUT" ? 400 : 404);

test("F32: a proxy that drops the body is named after one more try", async () => {
  const message = `provided sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`;
  const place = scriptedPlace(
    "reg.example/mirror/app",
    refusesBody("DIGEST_INVALID", message),
  );
  await expect(place.copy()).rejects.toMatchObject({
    fault: "corrupt",
    code: "DIGEST_MISMATCH",
    message: expect.stringMatching(/nothing of it arrived.*proxy/s),
  });
  const puts = place.asked().filter((one) => one.startsWith("PUT"));
  expect(puts).toHaveLength(2);
});

test("W87, N52: a registry that does not take sha512 says so, and is not asked again", async () => {
  const place = scriptedPlace(
    "reg.example/mirror/app",
    refusesBody("DIGEST_INVALID", "unsupported digest algorithm"),
  );
  const wide = { ...blob, digest: digestOf(bytes, "sha512") };
  await expect(place.bring(wide, bytes)).rejects.toMatchObject({
    fault: "unsupported",
    code: "UNSUPPORTED",
  });
  const puts = place.asked().filter((one) => one.startsWith("PUT"));
  expect(puts).toHaveLength(1);
});

test.each([403, 413, 500])(
  "F53: a quota (%i) is told in the registry's words, and not tried again",
  async (status) => {
    const said = { code: "DENIED", message: "will exceed the quota" };
    const place = scriptedPlace("reg.example/mirror/app", ({ method }, nth) =>
      method === "POST"
        ? { status: 202, headers: { location: `id${nth}` } }
        : json({ errors: [said] }, method === "PUT" ? status : 404),
    );
    await expect(place.copy()).rejects.toMatchObject({
      code: "QUOTA",
      message: expect.stringMatching(/will exceed the quota/),
    });
    const puts = place.asked().filter((one) => one.startsWith("PUT"));
    expect(puts).toHaveLength(1);
  },
);

test.each([201, 202, 204])(
  "W84: a PATCH answered %i was taken",
  async (taken) => {
    const place = scriptedPlace(
      "ghcr.io/mirror/app",
      ({ method, headers }): Reply => {
        if (method === "POST")
          return { status: 202, headers: { location: "id" } };
        if (method === "PATCH") return { status: taken };
        const isWhole = Number(headers["content-length"]) > 5_000_000;
        return { status: method !== "PUT" ? 404 : isWhole ? 413 : 201 };
      },
    );
    const large = Buffer.alloc(6_000_000, "x");
    const blob = {
      mediaType: "application/octet-stream",
      digest: digestOf(large),
      size: large.length,
    };
    await expect(place.bring(blob, large)).resolves.toBe(large.length);
    const patched = place.script.requests.filter(
      ({ method }) => method === "PATCH",
    );
    expect(patched.map(({ headers }) => headers["content-range"])).toEqual([
      "0-4194303",
    ]); // F25: GitHub's registry takes 4 MiB at once
  },
);

test("W140: a Retry-After to the body is waited for before the next session", async () => {
  let puts = 0;
  const place = scriptedPlace(
    "reg.example/mirror/app",
    ({ method }, nth): Reply => {
      if (method === "POST")
        return { status: 202, headers: { location: `id${nth}` } };
      if (method !== "PUT") return { status: 404 };
      puts += 1;
      return puts === 1
        ? { status: 429, headers: { "retry-after": "7" } }
        : { status: 201 };
    },
  );
  await place.copy();
  const waited = place.clock.waits.reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBeGreaterThanOrEqual(7000);
});
