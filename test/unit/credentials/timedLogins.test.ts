import {
  TimedLogins,
  type TimedLogin,
} from "../../../provider/credentials/cloud/timedLogins";
import type { Reach } from "../../../provider/mirror/ports";
import { reachBy, scripted } from "../stores/script";

const { send } = scripted(() => new Error("nobody is asked"));
const place = { key: "k", source: "the cloud" };

/** A cloud whose logins are counted, each good for a time from 2026 on. */
function cloud(lifeMs = 3_600_000) {
  let nth = 0;
  let now = Date.UTC(2026, 0, 1);
  const reach: Reach = { ...reachBy(send), now: () => new Date(now) };
  const give = async (): Promise<TimedLogin> => {
    nth += 1;
    const secret = `login ${nth}`;
    const found = {
      kind: "basic",
      source: "s",
      username: "u",
      secret,
    } as const;
    return { found, until: now + lifeMs };
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { give, reach, pass };
}

test("is asked once however many want it, and again when its time is over", async () => {
  const { give, reach, pass } = cloud();
  const logins = new TimedLogins();
  const login = () => logins.login(place, { isFresh: false, reach }, give);
  const found = await Promise.all([login(), login(), login()]);
  expect(found.map(({ secret }) => secret)).toEqual([
    "login 1",
    "login 1",
    "login 1",
  ]);
  pass(3_599_999);
  await expect(login()).resolves.toMatchObject({ secret: "login 1" });
  pass(1);
  await expect(login()).resolves.toMatchObject({ secret: "login 2" });
});

test("is asked again when the registry refused what it gave", async () => {
  const { give, reach } = cloud();
  const logins = new TimedLogins();
  await logins.login(place, { isFresh: false, reach }, give);
  await expect(
    logins.login(place, { isFresh: true, reach }, give),
  ).resolves.toMatchObject({ secret: "login 2" });
});

test("F62: a failure is not kept", async () => {
  const { give, reach } = cloud();
  const logins = new TimedLogins();
  const fail = () => Promise.reject(new Error("no"));
  const wanted = { isFresh: false, reach };
  await expect(logins.login(place, wanted, fail)).rejects.toThrow("no");
  await expect(logins.login(place, wanted, give)).resolves.toMatchObject({
    secret: "login 1",
  });
});

const never = () => new Promise<never>(() => undefined);

test("a cloud's library that never ends is waited for a minute, and no longer", async () => {
  const { reach } = cloud();
  await expect(
    new TimedLogins(20).login(place, { isFresh: false, reach }, never),
  ).rejects.toThrow(
    "could not read credentials from the cloud: no answer came within 0.02 seconds; check that this machine reaches the cloud's own endpoints",
  );
});

test.each([
  ["before it is asked", 0],
  ["while it is asked", 1],
])("N65: a cancelled operation waits for no cloud: %s", async (_, ticks) => {
  const cancel = new AbortController();
  const reach = { ...cloud().reach, signal: cancel.signal };
  if (ticks === 0) cancel.abort();
  const asked = new TimedLogins().login(
    place,
    { isFresh: false, reach },
    never,
  );
  cancel.abort();
  await expect(asked).rejects.toMatchObject({ code: "CANCELLED" });
});

test("N65: whoever joined what another operation asks may be cancelled alone, and the other way round", async () => {
  const { give, reach } = cloud();
  const logins = new TimedLogins();
  const answer = Promise.withResolvers<void>();
  const slowly = () => answer.promise.then(give);
  const login = (signal: AbortSignal) =>
    logins.login(
      place,
      { isFresh: false, reach: { ...reach, signal } },
      slowly,
    );
  const [owner, joiner, other] = [1, 2, 3].map(() => new AbortController());
  if (!owner || !joiner || !other) throw new Error("three were made");
  const asked = [owner, joiner, other].map(({ signal }) => login(signal));
  joiner.abort();
  await expect(asked[1]).rejects.toMatchObject({ code: "CANCELLED" });
  owner.abort();
  await expect(asked[0]).rejects.toMatchObject({ code: "CANCELLED" });
  answer.resolve();
  await expect(asked[2]).resolves.toMatchObject({ username: "u" });
});
