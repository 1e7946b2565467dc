import { ask } from "../registry/plainHttp";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { requirements } from "../registry/requirements";
import { Speaker } from "../registry/speaker";
import { Canaries, hashOf } from "./canaries";
import { lineOf } from "./journal";
import { startProxy, type FaultProxy, type ProxyOptions } from "./proxy";

let registry: TestRegistry;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  registry = await startRegistry({ auth: "token" });
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  await registry.close();
});

async function proxy(options: Partial<ProxyOptions> = {}): Promise<FaultProxy> {
  const started = await startProxy({ upstream: registry.origin, ...options });
  running.push(started);
  return started;
}

describe("without rules it changes nothing", () => {
  test.each(requirements)("$rule: $sentence", async ({ prove }) => {
    const free = await startRegistry();
    running.push(free);
    const { origin } = await proxy({ upstream: free.origin });
    await prove(new Speaker(origin, "team/app"));
  });
});

test("realms, Locations and Links lead back to the proxy", async () => {
  const { origin, journal } = await proxy();
  const answer = await ask(origin, { path: "/v2/" });
  expect(answer.headers["www-authenticate"]).toContain(
    `realm="${origin}/token"`,
  );
  expect(journal).toMatchObject([{ kind: "challenge", status: 401, origin }]);
});

test("or stay foreign, where that is wanted", async () => {
  const { origin } = await proxy({ keepForeign: true });
  const answer = await ask(origin, { path: "/v2/" });
  expect(answer.headers["www-authenticate"]).toContain(registry.origin);
});

test("the journal keeps a hash of a credential, and says where one strayed to", async () => {
  const canaries = new Canaries();
  const home = await proxy({ canaries });
  const away = await proxy({ canaries });
  canaries.plant("canary-secret", home.origin);
  const pair = Buffer.from("mirror:canary-secret").toString("base64");
  const headers = { authorization: `Basic ${pair}` };
  await ask(home.origin, { path: "/v2/", headers });
  await ask(away.origin, { path: "/v2/", headers });
  await ask(away.origin, { path: "/v2/?password=canary-secret" });
  expect(home.journal).toMatchObject([
    { strays: [], credential: hashOf(`Basic ${pair}`) },
  ]);
  expect(away.journal).toMatchObject([
    { strays: [hashOf("canary-secret")] },
    { strays: [hashOf("canary-secret")] },
  ]);
  expect(JSON.stringify(home.journal)).not.toContain(pair);
});

test("a token belongs to the origin that gave it", async () => {
  const canaries = new Canaries();
  const [home, away] = [await proxy({ canaries }), await proxy({ canaries })];
  const pair = Buffer.from("mirror:secret").toString("base64");
  const answer = await ask(home.origin, {
    path: "/token?scope=repository:team/app:pull",
    headers: { authorization: `Basic ${pair}` },
  });
  const { token } = JSON.parse(answer.body.toString()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  await ask(away.origin, { path: "/v2/", headers });
  expect(away.journal[0]?.strays).toEqual([hashOf(token)]);
  expect(canaries.isIn(`it said ${token}`)).toBe(true);
});

test("it can ask for a login of its own, for tools that are not ours", async () => {
  const free = await startRegistry();
  running.push(free);
  const { origin } = await proxy({
    upstream: free.origin,
    basic: { username: "tool", password: "secret" },
  });
  const pair = Buffer.from("tool:secret").toString("base64");
  const headers = { authorization: `Basic ${pair}` };
  expect((await ask(origin, { path: "/v2/" })).status).toBe(401);
  expect((await ask(origin, { path: "/v2/", headers })).status).toBe(200);
  expect(free.requests.map(({ authorization }) => authorization)).toEqual([
    undefined,
  ]);
});

test("a rule has a name in the journal, and time is what the test says it is", async () => {
  let now = 5;
  const pause = async (ms: number) => void (now += ms);
  const { misbehave, origin, journal } = await proxy({ now: () => now, pause });
  misbehave({
    name: "late-ping",
    path: /v2/,
    action: { status: 503, delayMs: 30_000 },
  });
  await ask(origin, { path: "/v2/" });
  expect(journal).toMatchObject([{ at: 5, durationMs: 30_000 }]);
  expect(journal.map(lineOf)).toEqual([`5 ${origin} GET /v2/ 503 (late-ping)`]);
});
