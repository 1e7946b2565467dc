import {
  checkRevocation,
  type RevocationQuery,
} from "../../../provider/verifiers/revocation/check";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import { nothing } from "../../samples/derWriter";
import {
  extension,
  extensions,
  purposeOids,
  type CertificateWish,
  type Issued,
} from "../../samples/pki";
import {
  networkOf,
  ocspResponse,
  reasonCodes,
  type OcspWish,
} from "../../samples/revocation";
import {
  check,
  leafWith,
  ocspUrl,
  past,
  root,
  stranger,
  withOcsp,
} from "./revoking";

async function byOcsp(
  wish: OcspWish,
  more: Partial<RevocationQuery> = {},
): Promise<string> {
  const leaf = withOcsp();
  const response = ocspResponse(leaf, root, wish);
  return (await check(leaf, { [ocspUrl]: response }, more)).outcome;
}

const responderWish = (
  purpose: string,
  wish: CertificateWish = {},
): CertificateWish => ({
  name: "responder",
  extensions: [extensions.purposes([purpose])],
  ...wish,
});
const responder = root.issue(responderWish(purposeOids.ocspSigning));

test.each<[string, OcspWish]>([
  ["by the issuer", {}],
  ["by its delegate", { responder, certificates: [responder] }],
  ["with a SHA-256 id", { hash: "sha256" }],
])("an answer %s counts", async (_, wish) => {
  await expect(byOcsp(wish)).resolves.toBe("good");
});

test("T31: a revoked leaf is found, with when and why", async () => {
  const leaf = withOcsp();
  const response = ocspResponse(leaf, root, {
    status: "revoked",
    reason: reasonCodes.keyCompromise,
  });
  await expect(check(leaf, { [ocspUrl]: response })).resolves.toMatchObject({
    outcome: "revoked",
    reason: expect.stringMatching(
      /"CN=leaf" was revoked at .* \(keyCompromise\)/,
    ),
  });
});

test.each<[string, OcspWish]>([
  ["by another authority", { responder: stranger }],
  [
    "by another authority that brings its certificate",
    { responder: stranger, certificates: [stranger] },
  ],
  ["by a delegate of another authority", foreign()],
  [
    "by a delegate that may not answer",
    delegated(root.issue(responderWish(purposeOids.codeSigning))),
  ],
  [
    "by a delegate that has expired",
    delegated(
      root.issue(responderWish(purposeOids.ocspSigning, { validity: past })),
    ),
  ],
  [
    "by a delegate with an unknown critical extension",
    delegated(
      root.issue(
        responderWish(purposeOids.ocspSigning, {
          more: [extension("1.2.3", nothing(), true)],
        }),
      ),
    ),
  ],
  [
    "about the same number of another authority",
    { about: { issuer: stranger } },
  ],
  ["about another certificate", { about: { serial: 1 } }],
  ["that has expired", { dates: past }],
  ["that never ends", { dates: [new Date(0)] }],
  [
    "from the future",
    {
      dates: [
        new Date(Date.now() + 3_600_000),
        new Date(Date.now() + 7_200_000),
      ],
    },
  ],
  [
    "with an unknown critical extension",
    { extensions: [extension("1.2.3", nothing(), true)] },
  ],
  ["that is unknown", { status: "unknown" }],
  ["that is an error", { code: 3 }],
])("T31: an answer %s is none", async (_, wish) => {
  await expect(byOcsp(wish)).resolves.toBe("unknown");
  await expect(
    byOcsp({ ...wish, status: wish.status ?? "revoked" }),
  ).resolves.toBe("unknown");
});

test("T31: no answer at all leaves it unknown, and says whom to allow", async () => {
  await expect(check(withOcsp(), { [ocspUrl]: 500 })).resolves.toMatchObject({
    outcome: "unknown",
    reason: expect.stringMatching(/ocsp\.example answered with status 500/),
  });
  await expect(
    check(withOcsp(), { [ocspUrl]: Buffer.alloc(30_000) }),
  ).resolves.toMatchObject({ outcome: "unknown" });
  await expect(
    check(withOcsp(), { [ocspUrl]: "never" }),
  ).resolves.toMatchObject({
    outcome: "unknown",
    reason: expect.stringMatching(/did not answer within 2 s/),
  });
});

test("a key that was lost after the signature has still signed", async () => {
  const invalidFrom = new Date(Date.now() - 60_000);
  const wish: OcspWish = { status: "revoked", invalidFrom };
  await expect(byOcsp(wish)).resolves.toBe("revoked");
  await expect(byOcsp(wish, { signedAt: new Date(0) })).resolves.toBe("good");
  await expect(byOcsp(wish, { signedAt: new Date() })).resolves.toBe("revoked");
  await expect(
    byOcsp({ status: "revoked" }, { signedAt: new Date(0) }),
  ).resolves.toBe("revoked");
});

test.each([
  "https://ocsp.example/",
  "ldap://ocsp.example/",
  "http://user:pass@ocsp.example/",
  "nonsense",
])("%s is not asked", async (url) => {
  await expect(check(leafWith(extensions.ocsp(url)))).resolves.toMatchObject({
    outcome: "unknown",
    asked: [],
  });
});

test("the next responder is asked when one does not answer", async () => {
  const leaf = leafWith(extensions.ocsp("http://down.example/", ocspUrl));
  const response = ocspResponse(leaf, root);
  await expect(check(leaf, { [ocspUrl]: response })).resolves.toMatchObject({
    outcome: "good",
    asked: ["http://down.example/", ocspUrl],
  });
});

test("an answer is kept while it holds, and asked for once by all who want it together", async () => {
  const leaf = withOcsp();
  const { reach, asked } = networkOf({ [ocspUrl]: ocspResponse(leaf, root) });
  const chain = [leaf, root].map(({ der }) => readCertificate(der));
  await Promise.all([1, 2, 3].map(() => checkRevocation({ chain, reach })));
  await checkRevocation({ chain, reach });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: "POST", ledBy: "certificate" });
  const later = { ...reach, now: () => new Date(Date.now() + 7_200_000) };
  await expect(checkRevocation({ chain, reach: later })).resolves.toMatchObject(
    { outcome: "unknown" },
  );
  expect(asked).toHaveLength(2);
});

test("a run that is cancelled is no answer", async () => {
  const leaf = withOcsp();
  const stop = new AbortController();
  const { reach } = networkOf({ [ocspUrl]: "never" });
  const chain = [leaf, root].map(({ der }) => readCertificate(der));
  const running = checkRevocation({
    chain,
    reach: { ...reach, signal: stop.signal },
  });
  stop.abort();
  await expect(running).rejects.toThrow("given up");
});
function delegated(by: Issued): OcspWish {
  return { responder: by, certificates: [by] };
}

function foreign(): OcspWish {
  return delegated(stranger.issue(responderWish(purposeOids.ocspSigning)));
}
