import { json } from "./script";
import { scriptedPlace } from "./scriptedPlace";

const sessions = "https://reg.example/v2/mirror/app/blobs/uploads/";

/** A registry that refuses a blob's bytes, and deletes the session only by the Location that it names now. */
function wantsNewest() {
  return scriptedPlace("reg.example/mirror/app", ({ method, url }) => {
    if (method === "POST")
      return { status: 202, headers: { location: `${sessions}id?at=0` } };
    if (method === "PUT")
      return json({ errors: [{ code: "DENIED", message: "no" }] }, 403);
    if (method === "GET")
      return { status: 204, headers: { location: `${sessions}id?at=20` } };
    const isNewest = url.searchParams.get("at") === "20";
    return { status: isNewest || method === "HEAD" ? 204 : 416 };
  });
}

test("N65, W86: a session that is known to have come further is asked where it stands, and given up there, as distribution wants it", async () => {
  const place = wantsNewest();
  await expect(place.copy()).rejects.toMatchObject({ code: "AUTH_DENIED" });
  expect(place.asked().slice(-4, -1)).toEqual([
    `DELETE ${sessions}id?at=0`,
    `GET ${sessions}id?at=0`,
    `DELETE ${sessions}id?at=20`,
  ]);
});

test("N65: a session that cannot be given up changes nothing about the error", async () => {
  const place = scriptedPlace("reg.example/mirror/app", ({ method }) =>
    method === "POST"
      ? { status: 202, headers: { location: `${sessions}id` } }
      : { status: method === "PUT" ? 403 : 416 },
  );
  await expect(place.copy()).rejects.toMatchObject({ code: "AUTH_DENIED" });
  const deletes = place.asked().filter((one) => one.startsWith("DELETE"));
  expect(deletes).toHaveLength(1);
});
