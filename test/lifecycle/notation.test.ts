import { attachReferrer } from "../samples/attach";
import {
  notationLayer,
  notationReferrer,
  notationSigner,
  statementOf,
  trusting,
  trustPolicyOf,
  type NotationForm,
} from "../samples/notation";
import { inScene, type Scene } from "./scene";

const signer = notationSigner();

/** Puts an image there, signed with notation. */
async function publish(scene: Scene, form: NotationForm, by = signer) {
  const subject = await scene.publish(form, { signed: false });
  const layer = notationLayer(subject, by, { form });
  const referrer = notationReferrer(subject, layer, by);
  await attachReferrer(scene.vendor, referrer);
  return { subject, referrer: referrer.descriptor };
}

const repositoryOf = (reference: string) => reference.replace(/:1$/, "");

test.each(["jws", "cose"] as const)(
  "an image signed with notation in %s is mirrored with its signature, and judged again where it lies",
  (form) =>
    inScene({}, async (scene) => {
      const { subject, referrer } = await publish(scene, form);
      const [source, destination] = [scene.from, scene.to].map(repositoryOf);
      const input = trusting(signer, { scopes: [`${source}`] });
      const scopes = { [`${source}`]: destination };
      const trustPolicy = trustPolicyOf(
        statementOf("vendor", { scopes: [`${source}`] }),
        statementOf("ours", { scopes: [`${destination}`] }),
      );
      const notation = { ...input.notation, trustPolicy, scopes };
      scene.app({ policy: { signedBy: [{ notation }] } });
      expect((await scene.engine.preview()).exitCode).toBe(0);
      expect((await scene.engine.up()).exitCode).toBe(0);
      const { destination: registry } = scene;
      expect(registry.tag("mirror/app", "1")).toBe(subject.digest);
      expect(registry.manifest("mirror/app", referrer.digest)).toBeDefined();
      const again = await scene.engine.preview();
      expect(again.exitCode).toBe(0);
      expect(JSON.stringify(scene.engine.resource("app")?.outputs)).toContain(
        "CN=release,O=acme,ST=WA,C=US",
      );
    }),
);

test.each(["jws", "cose"] as const)(
  "an image signed with notation in %s by somebody else is refused, and says by whom",
  (form) =>
    inScene({}, async (scene) => {
      const root = notationSigner(
        {
          name: [
            ["C", "DE"],
            ["ST", "BE"],
            ["O", "evil"],
          ],
        },
        signer.root,
      );
      await publish(scene, form, { ...root, root: signer.root });
      scene.app({ policy: { signedBy: [trusting(signer)] } });
      const { exitCode, text } = await scene.engine.preview();
      expect(exitCode).toBe(1);
      expect(text).toContain("NOTATION_IDENTITY");
      expect(text).toContain("x509.subject: O=evil,ST=BE,C=DE");
    }),
);

test("a statement that does not enforce lets nothing in, and says what it would have logged", () =>
  inScene({}, async (scene) => {
    await publish(scene, "jws", notationSigner());
    const policy = { signedBy: [trusting(signer, { level: "audit" })] };
    scene.app({ policy });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("NOTATION_NOT_ENFORCED");
    expect(text).toContain(
      "authenticity: no certificate of the signer's chain",
    );
  }));

test("a trust policy that notation would not take is found in check", () =>
  inScene({}, async (scene) => {
    await publish(scene, "jws");
    const policy = { signedBy: [trusting(signer, { stores: ["acme"] })] };
    scene.app({ policy });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("policy.signedBy[0].notation.trustPolicy");
  }));
