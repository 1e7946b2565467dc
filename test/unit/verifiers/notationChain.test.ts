import { boolean, sequence } from "../../samples/derWriter";
import { image } from "../../samples/artifacts";
import {
  notationSigner,
  trusting,
  type NotationForm,
} from "../../samples/notation";
import {
  createRoot,
  createSelfSigned,
  extension,
  extensions,
  purposeOids,
  type KeyKind,
} from "../../samples/pki";
import { notarized } from "./notarized";
import { codeOf, verdictOn } from "./world";

const subject = image().descriptor;
const signer = notationSigner();
const forms: readonly NotationForm[] = ["jws", "cose"];

describe.each(forms)("a signature in %s", (form) => {
  const codeOfSigner = (by: Parameters<typeof trusting>[0] & typeof signer) =>
    codeOf(trusting(by), notarized(subject, by, { form }));

  test.each<KeyKind>(["P-256", "P-384", "P-521", "RSA-2048", "RSA-3072"])(
    "may be by a key of %s",
    async (key) => {
      expect(await codeOfSigner(notationSigner({ key }))).toBe("OK");
    },
  );

  test("may be by a self-signed certificate that is in the store itself", async () => {
    const own = createSelfSigned({
      name: [
        ["C", "US"],
        ["ST", "WA"],
        ["O", "acme"],
      ],
    });
    const by = { ...own, chain: [own], root: createRoot() };
    const policy = trusting(by);
    const trustStores = { ca: { acme: [own.pem] } };
    const input = { notation: { ...policy.notation, trustStores } };
    expect(await codeOf(input, notarized(subject, by, { form }))).toBe("OK");
  });

  test("may have an authority between, which alone may be in the store", async () => {
    const root = createRoot();
    const between = root.authority();
    const leaf = notationSigner({}, between);
    const by = { ...leaf, chain: [leaf, between, root] };
    expect(await codeOf(trusting(by), notarized(subject, by, { form }))).toBe(
      "OK",
    );
  });

  test.each<[string, Parameters<typeof notationSigner>[0]]>([
    [
      "keyUsage not critical",
      { extensions: [extensions.keyUsage([0], false)] },
    ],
    [
      "no keyUsage",
      { extensions: [extensions.purposes([purposeOids.codeSigning])] },
    ],
    ["keyUsage of an authority", { extensions: [extensions.keyUsage([0, 5])] }],
    ["keyUsage without signatures", { extensions: [extensions.keyUsage([1])] }],
    [
      "EKU serverAuth",
      {
        more: [],
        extensions: [
          extensions.keyUsage([0]),
          extensions.purposes([purposeOids.serverAuth]),
        ],
      },
    ],
    [
      "EKU timeStamping",
      {
        extensions: [
          extensions.keyUsage([0]),
          extensions.purposes([
            purposeOids.codeSigning,
            purposeOids.timeStamping,
          ]),
        ],
      },
    ],
    [
      "EKU any",
      {
        extensions: [
          extensions.keyUsage([0]),
          extensions.purposes(["2.5.29.37.0"]),
        ],
      },
    ],
    [
      "basicConstraints CA",
      { extensions: [extensions.keyUsage([0]), extensions.authority()] },
    ],
  ])("T29: a leaf with %s gives NOTATION_INTEGRITY", async (_, leaf) => {
    expect(await codeOfSigner(notationSigner(leaf))).toBe("NOTATION_INTEGRITY");
  });

  test("a leaf needs no extended key usage, and content commitment does no harm", async () => {
    const leaf = { extensions: [extensions.keyUsage([0, 1])] };
    expect(await codeOfSigner(notationSigner(leaf))).toBe("OK");
  });

  test.each(["acme root", "another root"])(
    "T29: a leaf above which %s stands, which has not issued it, gives NOTATION_INTEGRITY",
    async (name) => {
      const trusted = createRoot({ name });
      const by = { ...signer, chain: [signer, trusted], root: trusted };
      expect(await codeOfSigner(by)).toBe("NOTATION_INTEGRITY");
    },
  );

  test("T29: a certificate signed over SHA-1 gives NOTATION_INTEGRITY", async () => {
    const sha1 = Buffer.from("300906072a8648ce3d0401", "hex");
    const leaf = { signatureAlgorithm: sha1, hash: "sha1" };
    expect(await codeOfSigner(notationSigner(leaf))).toBe("NOTATION_INTEGRITY");
  });

  test.each([
    [
      "basicConstraints not critical",
      [
        extension("2.5.29.19", sequence(boolean(true))),
        extensions.keyUsage([5]),
      ],
    ],
    ["no basicConstraints", [extensions.keyUsage([5])]],
    [
      "keyUsage not critical",
      [extensions.authority(), extensions.keyUsage([5], false)],
    ],
    [
      "keyUsage without keyCertSign",
      [extensions.authority(), extensions.keyUsage([6])],
    ],
  ])("T29: a root with %s gives NOTATION_INTEGRITY", async (_, own) => {
    const root = createRoot({ extensions: own });
    const by = notationSigner({}, root);
    const policy = {
      ...trusting(signer).notation,
      trustStores: { ca: { acme: [root.pem] } },
    };
    const evidence = notarized(subject, by, { form });
    expect(await codeOf({ notation: policy }, evidence)).toBe(
      "NOTATION_INTEGRITY",
    );
  });

  test("T29: more authorities below one than its path length allows give NOTATION_INTEGRITY", async () => {
    const root = createRoot({
      extensions: [extensions.authority(0), extensions.keyUsage([5])],
    });
    const between = root.authority();
    const leaf = notationSigner({}, between);
    const by = { ...leaf, chain: [leaf, between, root], root };
    expect(await codeOfSigner(by)).toBe("NOTATION_INTEGRITY");
  });

  test("T29: a flipped signature gives NOTATION_INTEGRITY, and the signer is shown", async () => {
    const other = notationSigner();
    const forged = { ...other, chain: signer.chain };
    const answer = await verdictOn(
      trusting(signer),
      notarized(subject, forged, { form }),
    );
    expect(answer).toMatchObject({
      code: "NOTATION_INTEGRITY",
      seen: { subject: "CN=release,O=acme,ST=WA,C=US" },
    });
  });
});
