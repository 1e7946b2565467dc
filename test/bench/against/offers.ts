import type { Properties } from "../../engine/values";
import { gzipLayer, imageOver } from "../../peers/gzipImage";
import { attachLegacy } from "../../samples/attach";
import { signatureLayer } from "../../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../../samples/signers";
import { overHttp, put } from "../../samples/target";

/** An artifact at the source, and the policy under which ours takes it. */
export interface Offer {
  /** `repository:tag` at the source */
  readonly from: string;
  /** `repository:tag` at the destination */
  readonly to: string;
  readonly policy: Properties;
}

const mebibyte = 1024 * 1024;
const unverified = { unverified: "the other tools do not verify either" };

/** One image of three layers of 64 MiB. */
export async function offerLarge(origin: string): Promise<readonly Offer[]> {
  const layers = [0, 1, 2].map((at) => gzipLayer(`large-${at}`, 64 * mebibyte));
  const target = overHttp(origin, "bench/large");
  await put(target, imageOver("large", layers), "1");
  return [{ from: "bench/large:1", to: "in/large:1", policy: unverified }];
}

/** So many tags of one repository, each an image of one layer. */
export async function offerSmall(
  origin: string,
  count: number,
): Promise<readonly Offer[]> {
  const target = overHttp(origin, "bench/small");
  const offers: Offer[] = [];
  for (let at = 0; at < count; at += 1) {
    const sample = imageOver(`small-${at}`, [gzipLayer(`small-${at}`, 4096)]);
    await put(target, sample, `t${at}`);
    const [from, to] = [`bench/small:t${at}`, `in/small:t${at}`];
    offers.push({ from, to, policy: unverified });
  }
  return offers;
}

/** Two tags of one image of twenty layers; the second has one layer that is new. */
export async function offerUpdate(origin: string): Promise<readonly Offer[]> {
  const target = overHttp(origin, "bench/update");
  const old = Array.from({ length: 20 }, (_, at) =>
    gzipLayer(`up-${at}`, mebibyte),
  );
  const fresh = [...old.slice(0, 19), gzipLayer("up-new", mebibyte)];
  await put(target, imageOver("before", old), "before");
  await put(target, imageOver("after", fresh), "after");
  return ["before", "after"].map((tag) => ({
    from: `bench/update:${tag}`,
    to: "in/update:1",
    policy: unverified,
  }));
}

/** Twenty repositories over one base of four layers of 16 MiB. */
export async function offerShared(origin: string): Promise<readonly Offer[]> {
  const base = [0, 1, 2, 3].map((at) => gzipLayer(`base-${at}`, 16 * mebibyte));
  const offers: Offer[] = [];
  for (let at = 0; at < 20; at += 1) {
    const own = gzipLayer(`own-${at}`, 10_000);
    const target = overHttp(origin, `bench/shared-${at}`);
    await put(target, imageOver(`shared-${at}`, [...base, own]), "1");
    const [from, to] = [`bench/shared-${at}:1`, `in/shared-${at}:1`];
    offers.push({ from, to, policy: unverified });
  }
  return offers;
}

/** So many signed images: each with cosign's `.sig` tag. */
export async function offerSigned(
  origin: string,
  count: number,
): Promise<readonly Offer[]> {
  const signer: KeySigner = keySigner();
  const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
  const target = overHttp(origin, "bench/signed");
  const offers: Offer[] = [];
  for (let at = 0; at < count; at += 1) {
    const sample = imageOver(`signed-${at}`, [gzipLayer(`signed-${at}`, 4096)]);
    const descriptor = await put(target, sample, `t${at}`);
    const layers = [await signatureLayer(descriptor, signer)];
    await attachLegacy(target, descriptor, { suffix: "sig", layers });
    const [from, to] = [`bench/signed:t${at}`, `in/signed:t${at}`];
    offers.push({ from, to, policy: { signedBy: [{ key }] } });
  }
  return offers;
}
