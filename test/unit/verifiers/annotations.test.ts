import { image } from "../../samples/artifacts";
import { dsseBundle, signPredicate } from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import { bundleLayer, codeOf, evidenceOf, verdictOn } from "./world";

const subject = image().descriptor;
const signer = keySigner();
type Said = Readonly<Record<string, string>>;

const wanting = (annotations: Said) => ({
  key: {
    publicKey: signer.publicKeyPem,
    tlog: "not-required" as const,
    annotations,
  },
});

const forms = {
  "a legacy signature": async (said?: Said) =>
    evidenceOf(
      subject,
      await signatureLayer(subject, signer, {
        ...(said && { optional: said }),
      }),
      "sig",
    ),
  "a bundle": async (said?: Said) =>
    evidenceOf(
      subject,
      bundleLayer(
        await dsseBundle(subject, signer, {
          predicateType: signPredicate,
          ...(said && { annotations: said }),
        }),
      ),
    ),
};

describe.each(Object.entries(forms))("the annotations of %s", (_, signed) => {
  test("that a policy asks for must each be there, exactly; others may be", async () => {
    const wanted = wanting({ env: "prod", team: "web" });
    const code = async (said?: Said) => codeOf(wanted, await signed(said));
    expect(await code({ env: "prod", team: "web", build: "7" })).toBe("OK");
    expect(await code({ env: "prod" })).toBe("ANNOTATION_MISMATCH");
    expect(await code({ env: "Prod", team: "web" })).toBe(
      "ANNOTATION_MISMATCH",
    );
    expect(await code()).toBe("ANNOTATION_MISMATCH");
  });

  test("T39: named like a prototype's member are not found in the prototype", async () => {
    const wanted = wanting({ toString: "x" });
    expect(await codeOf(wanted, await signed({ env: "x" }))).toBe(
      "ANNOTATION_MISMATCH",
    );
  });

  test("are told where they differ", async () => {
    const evidence = await signed({ env: "test" });
    expect(await verdictOn(wanting({ env: "prod" }), evidence)).toMatchObject({
      reason: 'its annotation "env" is "test", not "prod"',
    });
  });
});

test("a signature that names one digest with two sets of annotations is refused", async () => {
  const { digest } = subject;
  const evidence = await forms["a bundle"]({ env: "prod" });
  const twice = await codeOf(
    wanting({ env: "prod" }),
    evidenceOf(
      subject,
      bundleLayer(
        await dsseBundle(subject, signer, {
          predicateType: signPredicate,
          subjects: [{ env: "prod" }, { env: "test" }].map((annotations) => ({
            digest: { sha256: digest.slice("sha256:".length) },
            annotations,
          })),
        }),
      ),
    ),
  );
  expect(twice).toBe("MALFORMED");
  expect(await codeOf(wanting({ env: "prod" }), evidence)).toBe("OK");
});
