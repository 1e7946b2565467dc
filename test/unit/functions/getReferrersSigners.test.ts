import { getReferrers } from "../../../provider/functions/getReferrers";
import type { Values } from "../../../provider/mirror/lifecycle";
import { image } from "../../samples/artifacts";
import { attachReferrer } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import {
  notationLayer,
  notationReferrer,
  notationSigner,
} from "../../samples/notation";
import { sbomArtifact } from "../../samples/otherArtifacts";
import { keySigner } from "../../samples/signers";
import { createSigstoreWorld } from "../../samples/sigstoreWorld";
import { put } from "../../samples/target";
import { whileAsking } from "./asking";

import { ask, onShelf, sign } from "./evidenceShelf";

const by = (policyKey: string): Values => ({
  policy: {
    signedBy: [{ key: { publicKey: policyKey, tlog: "not-required" } }],
  },
});

test("an identity is only claimed, until a policy proves it", async () => {
  const sigstore = await createSigstoreWorld();
  const who = {
    issuer: "https://accounts.example",
    identity: "https://ci.example/acme",
  };
  await onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    const signer = await sigstore.keyless(who);
    await attachReferrer(
      shelf.vendor,
      await bundleReferrer(root, signer, {
        log: sigstore,
        timestamp: sigstore,
      }),
    );
    const claims = await ask(shelf);
    expect(claims).toMatchObject({
      referrers: [
        {
          kind: "signature",
          claimed: [{ format: "sigstore-bundle-0.3", ...who }],
          proven: [],
        },
      ],
    });
    expect(claims["tree"]).toContain(`unproven: claims ${who.identity}`);
    const keyless = { ...who, trustedRoots: [sigstore.trustedRoot] };
    const judged = await ask(shelf, { policy: { signedBy: [{ keyless }] } });
    expect(judged).toMatchObject({
      outcome: "verified",
      referrers: [{ proven: [{ authority: "signedBy[0].keyless", ...who }] }],
    });
    expect(judged["tree"]).toContain(`proven: signed by ${who.identity}`);
  });
});

test("what the policy refuses is listed all the same, with nobody proven", () =>
  onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    await sign(shelf.vendor, root);
    const answer = await ask(shelf, by(keySigner().publicKeyPem));
    expect(answer).toMatchObject({
      outcome: "refused",
      referrers: [{ kind: "signature", proven: [] }],
    });
  }));

test("only what a signer has signed is proven, and nothing beside it", () =>
  onShelf(async (shelf) => {
    const signer = keySigner();
    const root = await put(shelf.vendor, image(), "1");
    const signature = await sign(shelf.vendor, root, signer);
    await attachReferrer(shelf.vendor, sbomArtifact(root));
    const stranger = await bundleReferrer(root, keySigner());
    await attachReferrer(shelf.vendor, stranger);
    const answer = await ask(shelf, by(signer.publicKeyPem));
    const listed = [answer["referrers"]].flat(2);
    const proven = listed.filter(
      (one) => [Object(one).proven].flat().length > 0,
    );
    expect(listed).toHaveLength(3);
    expect(proven).toMatchObject([{ digest: signature.digest }]);
  }));

test("with a policy, nothing is read twice for what it claims", () =>
  onShelf(async (shelf) => {
    const signer = keySigner();
    const root = await put(shelf.vendor, image(), "1");
    await sign(shelf.vendor, root, signer);
    await ask(shelf, by(signer.publicKeyPem));
    const blobs = shelf.registry.requests
      .filter(({ kind, method }) => kind === "blob" && method === "GET")
      .map(({ path }) => path);
    expect(blobs).toEqual([...new Set(blobs)]);
    const manifests = shelf.registry.requests
      .filter(
        ({ kind, method, status }) =>
          kind === "manifest" && method === "GET" && status === 200,
      )
      .map(({ path }) => path);
    expect(manifests).toEqual([...new Set(manifests)]);
  }));

test("a notation signature claims its certificate's subject", () =>
  onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    const signer = notationSigner();
    for (const form of ["jws", "cose"] as const) {
      const layer = notationLayer(root, signer, { form });
      await attachReferrer(shelf.vendor, notationReferrer(root, layer, signer));
    }
    const answer = await ask(shelf);
    const said = {
      kind: "signature",
      claimed: [{ subject: expect.stringContaining("acme") }],
    };
    expect(answer).toMatchObject({ referrers: [said, said] });
  }));

test.each<[string, Values, RegExp]>([
  ["no tag", { source: "reg.example/acme/app" }, /^source: name a tag/],
  ["no repository", { repositories: ["A B"] }, /^repositories\[0\]: /],
  ["an empty policy", { policy: {} }, /^policy/],
  ["an unknown policy", { policy: { use: "nobody" } }, /nobody/],
])("%s is told at the property", (_, args, expected) =>
  whileAsking([], async (asking) => {
    const values = { source: "reg.example/acme/app:1", ...args };
    await expect(asking.ask(getReferrers, values)).rejects.toThrow(expected);
  }),
);
