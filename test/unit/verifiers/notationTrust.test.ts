import { examineAuthority } from "../../../provider/verifiers/authorities/catalog";
import { notation } from "../../../provider/verifiers/authorities/notation";
import { image } from "../../samples/artifacts";
import {
  notationSigner,
  statementOf,
  trusting,
  trustPolicyOf,
} from "../../samples/notation";
import { createRoot, createSelfSigned } from "../../samples/pki";
import { notarized } from "./notarized";
import { contextOf, offline } from "./world";
import { prepareAuthority } from "../../../provider/verifiers/authorities/catalog";

const subject = image().descriptor;
const signer = notationSigner();

test("a store that a statement names must be there", async () => {
  const input = trusting(signer, { stores: ["ca:acme", "tsa:time"] });
  expect(await examineAuthority(input)).toEqual([
    {
      path: ["notation", "trustStores", "tsa"],
      reason:
        'has no store "time", which statement "prod" of the trust policy names',
    },
  ]);
});

test.each([
  ["a store without certificates", { ca: { acme: [] } }, "is empty"],
  ["what is no certificate", { ca: { acme: ["acme"] } }, "cannot be used"],
  [
    "a leaf",
    { ca: { acme: [signer.pem] } },
    "neither an authority's certificate nor self-signed",
  ],
  [
    "a timestamp authority that is no root",
    { tsa: { time: [createRoot().authority().pem] } },
    "is no root",
  ],
  ["a type that is none", { root: {} }, "root"],
])("trust stores must not have %s", (_, trustStores, reason) => {
  const { trustPolicy } = trusting(signer).notation;
  const parsed = notation.schema.safeParse({ trustPolicy, trustStores });
  expect(parsed.error?.message).toContain(reason);
});

test("a trust store takes PEM bundles, base64 of DER, and self-signed leaves", () => {
  const root = createRoot();
  const acme = [
    signer.root.pem + root.pem,
    root.der.toString("base64"),
    createSelfSigned().pem,
  ];
  const { trustPolicy } = trusting(signer).notation;
  const settings = { trustPolicy, trustStores: { ca: { acme } } };
  expect(notation.schema.safeParse(settings).success).toBe(true);
});

test("trust is the same however it was written", () => {
  const { trustPolicy } = trusting(signer).notation;
  const [one, two] = [signer.root, createRoot()];
  const written = (...acme: string[]) =>
    notation.canonical({
      trustPolicy: `${trustPolicy} `,
      trustStores: { ca: { acme } },
    });
  expect(written(one.pem, two.pem)).toEqual(
    written(two.der.toString("base64") + "\n", ` ${one.pem}`),
  );
  expect(written(one.pem)).not.toEqual(written(two.pem));
});

describe("the statement", () => {
  const home = "source.example/acme/app";
  const trustPolicy = trustPolicyOf(
    statementOf("exact", { scopes: [home] }),
    statementOf("copy", {
      scopes: ["reg.example/mirror/app"],
      level: "permissive",
    }),
    statementOf("rest", { level: "skip" }),
  );
  const settings = {
    trustPolicy,
    trustStores: { ca: { acme: [signer.root.pem] } },
  };
  const answerFor = async (
    where: Parameters<typeof contextOf>[0],
    more: object = {},
  ) => {
    const input = { notation: { ...settings, ...more } };
    const place = { ...contextOf(where), name: "signedBy[0]" };
    const authority = await prepareAuthority(input, place);
    return authority.authenticate(notarized(subject, signer), offline);
  };

  test("that names the repository comes before the one for all", async () => {
    expect(await answerFor({ repository: home })).toMatchObject({
      notes: ['statement "exact" of the trust policy, level strict'],
    });
    expect(await answerFor({ repository: `${home}/sub` })).toMatchObject({
      code: "NOTATION_NOT_ENFORCED",
      reason: expect.stringContaining('"rest"'),
    });
  });

  test("T29: must exist", async () => {
    const more = {
      trustPolicy: trustPolicyOf(statementOf("exact", { scopes: [home] })),
    };
    expect(await answerFor({ repository: `${home}2` }, more)).toMatchObject({
      code: "NOTATION_SCOPE",
      reason: `no statement of the trust policy has ${home}2 in its registryScopes`,
    });
  });

  test("for a copy is the source's, or the one that `scopes` leads to", async () => {
    const copied = { repository: home, copy: "reg.example/mirror/app" };
    const scopes = { [home]: "reg.example/mirror/app" };
    expect(await answerFor(copied)).toMatchObject({
      notes: [expect.stringContaining('"exact"')],
    });
    expect(await answerFor(copied, { scopes })).toMatchObject({
      notes: [expect.stringContaining('"copy"')],
    });
    expect(await answerFor({ repository: home }, { scopes })).toMatchObject({
      notes: [expect.stringContaining('"exact"')],
    });
  });

  test("that `scopes` leads to must exist, for a whole repository", async () => {
    const only = trustPolicyOf(statementOf("exact", { scopes: [home] }));
    const problemsOf = (scopes: Record<string, string>) =>
      examineAuthority({
        notation: { ...settings, trustPolicy: only, scopes },
      });
    expect(await problemsOf({ [home]: "reg.example/mirror" })).toMatchObject([
      {
        path: ["notation", "scopes", home],
        reason: expect.stringContaining("no statement"),
      },
    ]);
    expect(await problemsOf({ [home]: "reg.example/mirror:1" })).toMatchObject([
      { reason: expect.stringContaining("no whole repository") },
    ]);
  });
});

test("a trust store whose certificates end soon is warned of", () => {
  const now = new Date();
  const after = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const ending = createRoot({ validity: [after(-10), after(10)] });
  const ended = createRoot({ validity: [after(-10), after(-1)] });
  const lasting = createRoot({ validity: [after(-10), after(100)] });
  const { trustPolicy } = trusting(signer).notation;
  const acme = [lasting.pem, ending.pem, ended.pem];
  expect(
    notation.warnings?.({ trustPolicy, trustStores: { ca: { acme } } }, now),
  ).toEqual([
    {
      path: ["trustStores", "ca", "acme", 1],
      reason: expect.stringMatching(/^".*" ends on .*, in 9 days/),
    },
    {
      path: ["trustStores", "ca", "acme", 2],
      reason: expect.stringMatching(/^".*" has ended on/),
    },
  ]);
});
