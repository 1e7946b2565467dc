import { type RevocationQuery } from "../../../provider/verifiers/revocation/check";
import { nothing, primitive } from "../../samples/derWriter";
import { extension, extensions, type Issued } from "../../samples/pki";
import {
  ocspResponse,
  pointName,
  reasonCodes,
  revocationList,
  type ListWish,
} from "../../samples/revocation";
import {
  check,
  crlUrl,
  leafWith,
  ocspUrl,
  past,
  root,
  stranger,
  withBoth,
} from "./revoking";

const deltaUrl = "http://crl.example/delta.crl";
// lists are kept by URL and issuer: a fresh URL for each case
let lists = 0;
async function byList(
  wish: (leaf: Issued, url: string) => ListWish,
  more: Partial<RevocationQuery> = {},
): Promise<string> {
  const url = `http://crl.example/${++lists}.crl`;
  const leaf = leafWith(extensions.crl(url));
  const list = revocationList(root, wish(leaf, url));
  return (await check(leaf, { [url]: list }, more)).outcome;
}

const listed = (leaf: Issued, reason?: number) => ({
  serial: leaf.serial,
  ...(reason !== undefined && { reason }),
});

test("a certificate that no list names is good, and one that is named is revoked (T31)", async () => {
  await expect(byList(() => ({}))).resolves.toBe("good");
  await expect(byList(() => ({ entries: [{ serial: 5 }] }))).resolves.toBe(
    "good",
  );
  await expect(
    byList((leaf) => ({ entries: [{ serial: 5 }, listed(leaf)] })),
  ).resolves.toBe("revoked");
});

test.each<[string, (leaf: Issued, url: string) => ListWish]>([
  ["that has expired (T31)", () => ({ dates: past })],
  ["that never ends", () => ({ dates: [new Date(0)] })],
  [
    "from the future",
    () => ({
      dates: [
        new Date(Date.now() + 3_600_000),
        new Date(Date.now() + 7_200_000),
      ],
    }),
  ],
  [
    "signed by another authority",
    () => ({ signedBy: { ...stranger, name: root.name } }),
  ],
  [
    "with an unknown critical extension",
    () => ({ extensions: [extension("1.2.3", nothing(), true)] }),
  ],
  [
    "of authorities only",
    () => ({ point: [primitive(2, Buffer.from([255]))] }),
  ],
  [
    "of other authorities",
    () => ({ point: [primitive(4, Buffer.from([255]))] }),
  ],
  ["of attributes", () => ({ point: [primitive(5, Buffer.from([255]))] })],
  [
    "of some reasons",
    () => ({ point: [primitive(3, Buffer.from([6, 0x40]))] }),
  ],
  [
    "of another distribution point",
    () => ({ point: [pointName("http://crl.example/other.crl")] }),
  ],
  ["that only adds to another", () => ({ addsTo: 6 })],
  [
    "with an unknown critical extension in its entry",
    (leaf) => ({
      entries: [
        { ...listed(leaf), more: [extension("1.2.3", nothing(), true)] },
      ],
    }),
  ],
])("a list %s says nothing", async (_, wish) => {
  await expect(byList(wish)).resolves.toBe("unknown");
});

test("a list of this very point, and of users, counts", async () => {
  await expect(
    byList((_, url) => ({
      point: [pointName(url), primitive(1, Buffer.from([255]))],
    })),
  ).resolves.toBe("good");
});

test("a key that was lost after the signature has still signed", async () => {
  const wish = (leaf: Issued): ListWish => ({
    entries: [{ ...listed(leaf), invalidFrom: new Date(1_000_000) }],
  });
  await expect(byList(wish)).resolves.toBe("revoked");
  await expect(byList(wish, { signedAt: new Date(0) })).resolves.toBe("good");
  await expect(byList(wish, { signedAt: new Date() })).resolves.toBe("revoked");
});

const hold = reasonCodes.certificateHold;
const removed = reasonCodes.removeFromCRL;
test.each<[string, string, (leaf: Issued) => readonly [ListWish, ListWish]]>([
  ["adds a revocation", "revoked", (leaf) => [{}, { entries: [listed(leaf)] }]],
  [
    "lifts a hold",
    "good",
    (leaf) => [
      { entries: [listed(leaf, hold)] },
      { entries: [listed(leaf, removed)] },
    ],
  ],
  [
    "does not lift a loss",
    "revoked",
    (leaf) => [
      { entries: [listed(leaf, reasonCodes.keyCompromise)] },
      { entries: [listed(leaf, removed)] },
    ],
  ],
  [
    "says nothing",
    "revoked",
    (leaf) => [{ entries: [listed(leaf, hold)] }, {}],
  ],
  [
    "is older than its base",
    "good",
    (leaf) => [{}, { number: 6, entries: [listed(leaf)] }],
  ],
  ["adds to a newer list", "unknown", () => [{}, { addsTo: 8 }]],
  ["has expired", "unknown", () => [{}, { dates: past }]],
  [
    "is somebody else's",
    "unknown",
    () => [{}, { signedBy: { ...stranger, name: root.name } }],
  ],
])("a delta that %s leaves it %s", async (_, outcome, wish) => {
  const [url, delta] = [
    `http://crl.example/${++lists}.crl`,
    `http://crl.example/${++lists}.delta`,
  ];
  const leaf = leafWith(extensions.crl(url));
  const [base, added] = wish(leaf);
  const answers = {
    [url]: revocationList(root, { deltaUrls: [delta], ...base }),
    [delta]: revocationList(root, { number: 8, addsTo: 7, ...added }),
  };
  await expect(check(leaf, answers)).resolves.toMatchObject({ outcome });
});

test("a delta that nobody serves leaves it unknown", async () => {
  const url = `http://crl.example/${++lists}.crl`;
  const base = revocationList(root, { deltaUrls: [deltaUrl] });
  await expect(
    check(leafWith(extensions.crl(url)), { [url]: base }),
  ).resolves.toMatchObject({ outcome: "unknown" });
});

test("every point counts, and a point without a URL leaves it unknown", async () => {
  const [one, two] = [
    `http://crl.example/${++lists}.crl`,
    `http://crl.example/${++lists}.crl`,
  ];
  const leaf = leafWith(extensions.crl(one, two));
  const answers = { [one]: revocationList(root) };
  await expect(check(leaf, answers)).resolves.toMatchObject({
    outcome: "unknown",
  });
  const second = revocationList(root, { entries: [listed(leaf)] });
  await expect(
    check(leaf, { ...answers, [two]: second }),
  ).resolves.toMatchObject({ outcome: "revoked" });
});

test("lists are asked where responders do not answer, and only there", async () => {
  const leaf = withBoth();
  const answers = { [ocspUrl]: 500, [crlUrl]: revocationList(root) };
  await expect(check(leaf, answers)).resolves.toMatchObject({
    outcome: "good",
    asked: [ocspUrl, crlUrl],
  });
  const unheard = withBoth();
  const unknown = {
    ...answers,
    [ocspUrl]: ocspResponse(unheard, root, { status: "unknown" }),
  };
  await expect(check(unheard, unknown)).resolves.toMatchObject({
    outcome: "good",
  });
  const good = withBoth();
  await expect(
    check(good, { [ocspUrl]: ocspResponse(good, root) }),
  ).resolves.toMatchObject({ asked: [ocspUrl] });
});
