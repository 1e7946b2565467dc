import type { Credential } from "../../../provider/mirror/credential";
import { counts, scopesAsked } from "../../registry/recorder";
import { useShop } from "./shop";

const { mounting } = useShop();

test("W90, F20: within one registry, with one credential, a blob is mounted and its presence confirmed", async () => {
  const { to, copyOne } = await mounting({ auth: "token" });
  await expect(copyOne()).resolves.toBe(0);
  expect(counts(to.requests)).toMatchObject({
    "POST upload": 1,
    "HEAD blob": 1,
  });
  expect(scopesAsked(to.requests)).toContain("repository:team/app:pull");
  expect(to.requests.map(({ query }) => query).join()).not.toContain("origin=");
});

test("W91, W93, N63: a mount that was a lie becomes an upload", async () => {
  const { to, copyOne, blob } = await mounting();
  to.misbehave({ method: "POST", path: /mount=/, action: { forget: true } });
  to.misbehave({
    method: "HEAD",
    path: /mirror.*blobs/,
    action: { status: 404 },
  });
  await expect(copyOne()).resolves.toBe(blob.size);
});

test("W91: a mount answered 202 goes on in the session that came with it", async () => {
  const { to, copyOne, blob } = await mounting({ mount: false });
  await expect(copyOne()).resolves.toBe(blob.size);
  expect(counts(to.requests)).toMatchObject({
    "POST upload": 1,
    "PUT upload": 1,
  });
  expect(to.openUploads()).toEqual([]);
});

test.each([400, 401, 403, 404, 405])(
  "W92: a mount refused with %i becomes an upload",
  async (status) => {
    const { to, copyOne, blob } = await mounting();
    to.misbehave({
      method: "POST",
      path: /mount=/,
      times: Infinity,
      action: { status },
    });
    await expect(copyOne()).resolves.toBe(blob.size);
    expect(to.blob("mirror/app", blob.digest)).toBeDefined();
  },
);

test("W42: a token server that takes one scope only costs the mount, not the copy", async () => {
  const { copyOne, blob } = await mounting({
    auth: "token",
    tokenServer: { repeatedScopes: "refuse" },
  });
  await expect(copyOne()).resolves.toBe(blob.size);
});

test("N54: another credential on the same registry is no mount", async () => {
  const allows = ["*:*:*"];
  const users = { a: { password: "a", allows }, b: { password: "b", allows } };
  const credentials = async (repository: string): Promise<Credential> => {
    const user = repository.includes("team") ? "a" : "b";
    return {
      kind: "basic",
      id: user,
      source: "test",
      username: user,
      secret: user,
    };
  };
  const { to, copyOne } = await mounting(
    { auth: "basic", users },
    { credentials },
  );
  await copyOne();
  expect(to.requests.map(({ query }) => query).join()).not.toContain(
    "from=team",
  );
  const ours = to.requests.filter(({ path }) => path.includes("mirror"));
  expect(ours.map(({ authorization }) => authorization?.user)).not.toContain(
    "a",
  );
});
