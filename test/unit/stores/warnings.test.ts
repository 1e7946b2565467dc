import { startRegistry } from "../../registry/registry";
import { opened, referenceTo } from "./opened";
import { get, paced, sent } from "./pacing";

async function warned(
  values: readonly (string | readonly string[])[],
  hide = (text: string) => text,
): Promise<readonly string[]> {
  const world = paced({
    answer: (_, nth) => ({
      status: 200,
      headers: { warning: values[(nth - 1) % values.length] ?? "" },
    }),
  });
  for (const _ of values) await world.time.run(sent(world, get(), { hide }));
  expect(world.notices.every(({ kind }) => kind === "warning")).toBe(true);
  return world.notices.map(({ text }) => text);
}

describe("W145: a registry's warning", () => {
  test("is told once a text", async () => {
    const one = '299 - "this tag goes away in March"';
    await expect(warned([one, one, '299 - "another"'])).resolves.toEqual([
      "reg.example warns: this tag goes away in March",
      "reg.example warns: another",
    ]);
  });

  test("several in one header, and in several headers, are told each", async () => {
    await expect(
      warned(['299 - "a, \\"b\\"", 299 - "c"', ['299 - "d"', '299 - "e"']]),
    ).resolves.toEqual(
      ['a, "b"', "c", "d", "e"].map((text) => `reg.example warns: ${text}`),
    );
  });

  test.each([
    '199 - "misc"',
    '299 agent "not a registry"',
    "299 - bare",
    '299 - "open',
    '299 - ""',
    `299 - "${"x".repeat(5000)}"`,
    "",
  ])("%j is none", async (value) => {
    await expect(warned([value])).resolves.toEqual([]);
  });

  test("N44: is printable, and holds no secret", async () => {
    const [text] = await warned(
      ['299 - "a\u001b[31mred\u202e secret=hunter2 canary https://x/?sig=1"'],
      (said) => said.replaceAll("canary", "…"),
    );
    expect(text).toMatch(/^[\x20-\x7e…]+$/);
    expect(text).not.toMatch(/hunter2|canary|sig=1/);
  });

  test("N44: holds no part of a secret that looks like words we leave out ourselves", async () => {
    const secret = "token=abc;tail\u00ad-of-it";
    const [text] = await warned([`299 - "you sent ${secret}"`], (said) =>
      said.replaceAll(secret, "…"),
    );
    expect(text).toBe("reg.example warns: you sent …");
  });

  test("of one registry is told, however many another one has", async () => {
    const world = paced({
      answer: ({ url }, nth) => ({
        status: 200,
        headers: { warning: `299 - "${url.host} ${nth}"` },
      }),
    });
    const origin = "https://evil.example";
    for (let nth = 0; nth < 200; nth++)
      await world.time.run(sent(world, get("/v2/", origin), { origin }));
    await world.time.run(sent(world));
    expect(world.notices).toHaveLength(101);
    expect(world.notices.at(-1)?.text).toMatch(/^reg\.example warns/);
  });

  test("of a token server or a CDN is not told", async () => {
    const world = paced({
      answer: () => ({ status: 200, headers: { warning: '299 - "x"' } }),
    });
    await world.time.run(sent(world, get("/", "https://cdn.example")));
    expect(world.notices).toEqual([]);
  });

  test("a registry that never repeats itself is not listened to for ever", async () => {
    const all = Array.from({ length: 150 }, (_, nth) => `299 - "${nth}"`);
    await expect(warned(all)).resolves.toHaveLength(100);
  });
});

test("what there is to say of a registry is said once, at its first answer", async () => {
  const world = paced({ answer: () => ({ status: 200 }) });
  const caution = "reg.example is not proven";
  for (const _ of [1, 2]) await world.time.run(sent(world, get(), { caution }));
  expect(world.notices).toEqual([{ kind: "warning", text: caution }]);
});

test("G14: a host whose certificate is not looked at is warned of, by name", async () => {
  const registry = await startRegistry({ tls: true });
  const settings = [{ host: registry.host, skipTlsVerify: true }];
  const { registries, reach, network } = opened([], { settings });
  const told: string[] = [];
  const notice = ({ text }: { readonly text: string }) => void told.push(text);
  const app = referenceTo(`${registry.host}/team/app:1`);
  const store = registries(app, { side: "source", isWriter: false });
  for (const tag of ["1", "2"]) await store.resolve(tag, { ...reach, notice });
  expect(told).toEqual([
    expect.stringMatching(
      `^the certificate of ${registry.host} is not .*skipTlsVerify`,
    ),
  ]);
  await Promise.all([network.close(), registry.close()]);
});
