import seeds from "@sigstore/tuf/seeds.json";
import publicGoodRoot from "../../../provider/verifiers/trust/publicGoodRoot.json";
import {
  digestOfRoot,
  readTrustedRoot,
  trustedRootsOf,
} from "../../../provider/verifiers/trust/trustedRoot";
import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import { keySigner } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { authorityOf, changed, type Editable } from "./world";

const seed = seeds["https://tuf-repo-cdn.sigstore.dev"];
const dayMs = 24 * 60 * 60 * 1000;
const publicKey = keySigner().publicKeyPem;

let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});

const decoded = (base64: string): unknown =>
  JSON.parse(Buffer.from(base64, "base64").toString());

describe("the embedded public-good root", () => {
  test("is the one that sigstore's own package carries", () => {
    expect(publicGoodRoot).toEqual(decoded(seed.targets["trusted_root.json"]));
  });

  test("comes from metadata that has not expired; a warning is printed 60 days before", () => {
    const root = decoded(seed["root.json"]) as { signed: { expires: string } };
    const leftMs = Date.parse(root.signed.expires) - Date.now();
    if (leftMs < 60 * dayMs) {
      console.warn(
        `the seed's TUF root expires at ${root.signed.expires}: update @sigstore/tuf and publicGoodRoot.json`,
      );
    }
    expect(leftMs).toBeGreaterThan(0);
  });

  test("is what an authority trusts when a policy names none", async () => {
    expect(trustedRootsOf(undefined).map(digestOfRoot)).toEqual([
      digestOfRoot(readTrustedRoot(JSON.stringify(publicGoodRoot))),
    ]);
    await expect(authorityOf({ key: { publicKey } })).resolves.toBeDefined();
    const keyless = {
      issuer: "https://issuer.example",
      identity: "me@acme.example",
    };
    await expect(authorityOf({ keyless })).resolves.toBeDefined();
  });
});

type Change = (root: Editable) => void;

test.each<[string, Change]>([
  [
    "without the start of a log key's validity",
    ({ tlogs }) => delete tlogs[0].publicKey.validFor.start,
  ],
  [
    "without a log key's validity",
    ({ tlogs }) => delete tlogs[0].publicKey.validFor,
  ],
  [
    "without the start of an authority's validity",
    ({ certificateAuthorities }) =>
      delete certificateAuthorities[0].validFor.start,
  ],
  [
    "without the start of a CT log key's validity",
    ({ ctlogs }) => delete ctlogs[0].publicKey.validFor.start,
  ],
  [
    "with a validity that ends before it starts",
    ({ tlogs }) => (tlogs[0].publicKey.validFor.end = "2001-01-01T00:00:00Z"),
  ],
  ["of another media type", (root) => (root.mediaType = "application/json")],
  [
    "with an empty chain",
    ({ certificateAuthorities }) =>
      (certificateAuthorities[0].certChain.certificates = []),
  ],
  [
    "with a key that is not base64",
    ({ tlogs }) => (tlogs[0].publicKey.rawBytes = "!!!"),
  ],
])("T40: a trusted root %s is refused", (_, change) => {
  const text = changed(world.trustedRoot, change).toString();
  expect(() => readTrustedRoot(text)).toThrow();
  expect(() => readTrustedRoot(world.trustedRoot)).not.toThrow();
});

test.each(["", "hello", "{}", "[]", "null"])(
  "T40: %j is no trusted root",
  (text) => {
    expect(() => readTrustedRoot(text)).toThrow();
  },
);

const keyless = {
  issuer: "https://issuer.example",
  identity: "me@acme.example",
};
test.each<[string, Change, object, string]>([
  [
    "no log, where one is required",
    (root) => (root.tlogs = []),
    { key: { publicKey } },
    "no transparency log",
  ],
  [
    "no certificate authority, for an identity",
    (root) => (root.certificateAuthorities = []),
    { keyless },
    "no certificate authority",
  ],
  [
    "no timestamp authority, where the log is not required",
    (root) => (root.timestampAuthorities = []),
    { keyless: { ...keyless, tlog: "not-required" } },
    "no timestamp authority",
  ],
  [
    "a key that is none",
    (root) => (root.tlogs[0].publicKey.rawBytes = "AAAA"),
    { key: { publicKey } },
    "cannot be read",
  ],
  [
    "a certificate that is none",
    (root) =>
      (root.certificateAuthorities[0].certChain.certificates[0].rawBytes =
        "AAAA"),
    { keyless },
    "cannot be read",
  ],
])(
  "T40: a trusted root with %s is an error at the property",
  async (_, change, authority, reason) => {
    const trustedRoots = [changed(world.trustedRoot, change).toString()];
    const [word = ""] = Object.keys(authority);
    const [settings] = Object.values(authority);
    const policy = { signedBy: [{ [word]: { ...settings, trustedRoots } }] };
    expect(await examinePolicy(policy)).toEqual([
      {
        path: ["signedBy", 0, word, "trustedRoots", 0],
        reason: expect.stringContaining(reason),
      },
    ]);
  },
);

test("a root without a log is enough for a key whose signatures are in none", async () => {
  const trustedRoots = [
    changed(world.trustedRoot, (root) => (root.tlogs = [])).toString(),
  ];
  const policy = {
    signedBy: [
      { key: { publicKey, trustedRoots, tlog: "not-required" as const } },
    ],
  };
  expect(await examinePolicy(policy)).toEqual([]);
});

test("members that we do not know change nothing about a root", () => {
  const text = changed(world.trustedRoot, (root) => (root.news = 1)).toString();
  expect(digestOfRoot(readTrustedRoot(text))).toBe(
    digestOfRoot(readTrustedRoot(world.trustedRoot)),
  );
});
