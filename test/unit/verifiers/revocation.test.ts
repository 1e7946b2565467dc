import { checkRevocation } from "../../../provider/verifiers/revocation/check";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import {
  readRevocationList,
  readRevocationLists,
} from "../../../provider/verifiers/revocation/revocationList";
import { extensions } from "../../samples/pki";
import {
  listPem,
  networkOf,
  ocspResponse,
  revocationList,
  type ListWish,
} from "../../samples/revocation";
import {
  check,
  leafWith,
  ocspUrl,
  past,
  root,
  stranger,
  withBoth,
  withList,
  withOcsp,
} from "./revoking";

test("a certificate that names nobody to ask is not revocable", async () => {
  await expect(check(leafWith())).resolves.toEqual({
    outcome: "good",
    asked: [],
  });
  await expect(check(leafWith(), {}, { offline: true })).resolves.toMatchObject(
    { outcome: "good" },
  );
});

describe("lists that the policy gives", () => {
  const given = (...wishes: readonly ListWish[]) => ({
    offline: true,
    lists: wishes.map((wish) => readRevocationList(revocationList(root, wish))),
  });

  test("are enough, and nobody is asked", async () => {
    const leaf = withBoth();
    await expect(check(leaf, {}, given({}))).resolves.toEqual({
      outcome: "good",
      asked: [],
    });
    await expect(
      check(leaf, {}, given({}, { entries: [{ serial: leaf.serial }] })),
    ).resolves.toMatchObject({ outcome: "revoked" });
    await expect(
      check(
        leaf,
        {},
        given({}, { number: 8, addsTo: 7, entries: [{ serial: leaf.serial }] }),
      ),
    ).resolves.toMatchObject({ outcome: "revoked" });
  });

  test("leave it unknown when they have expired, or are another authority's", async () => {
    const leaf = withList();
    await expect(
      check(leaf, {}, given({ dates: past })),
    ).resolves.toMatchObject({
      outcome: "unknown",
      reason: expect.stringMatching(/the revocation list has expired/),
    });
    const foreignList = readRevocationList(revocationList(stranger));
    await expect(
      check(leaf, {}, { offline: true, lists: [foreignList] }),
    ).resolves.toMatchObject({ outcome: "unknown" });
    await expect(check(leaf, {}, { offline: true })).resolves.toMatchObject({
      outcome: "unknown",
    });
  });

  test("help out where nobody answers, and do not hide what is answered", async () => {
    const lists = given({}).lists;
    await expect(check(withOcsp(), {}, { lists })).resolves.toMatchObject({
      outcome: "good",
    });
    const leaf = withOcsp();
    const response = ocspResponse(leaf, root, { status: "revoked" });
    await expect(
      check(leaf, { [ocspUrl]: response }, { lists }),
    ).resolves.toMatchObject({ outcome: "revoked" });
  });

  test("are PEM, and nothing else", () => {
    const pem = listPem(revocationList(root));
    expect(readRevocationLists(pem + pem)).toHaveLength(2);
    for (const text of ["", "no list", root.pem]) {
      expect(() => readRevocationLists(text)).toThrow(/revocation list/);
    }
  });
});

test("an authority between leaf and root is looked up too", async () => {
  const middle = root.authority({
    more: [extensions.ocsp("http://middle.example/")],
  });
  const leaf = middle.issue();
  const { reach } = networkOf({
    "http://middle.example/": ocspResponse(middle, root, { status: "revoked" }),
  });
  const chain = [leaf, middle, root].map(({ der }) => readCertificate(der));
  await expect(checkRevocation({ chain, reach })).resolves.toMatchObject({
    outcome: "revoked",
    reason: expect.stringMatching(/CN=intermediate/),
  });
});

test("a list of fifty thousand entries is searched in no time", async () => {
  const entries = Array.from({ length: 50_000 }, (_, i) => ({
    serial: 1_000_000 + i,
  }));
  const leaf = withList();
  const list = readRevocationList(revocationList(root, { entries }));
  const start = performance.now();
  await expect(
    check(leaf, {}, { offline: true, lists: [list] }),
  ).resolves.toMatchObject({ outcome: "good" });
  expect(performance.now() - start).toBeLessThan(1000);
});
