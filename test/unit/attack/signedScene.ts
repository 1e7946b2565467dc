import { mirror } from "../../interop/product";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { attachReferrer } from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { inRegistry, put, type Target } from "../../samples/target";
import { keyOf, vendor } from "../verifiers/judging";

/** What the vendor may sign, and what somebody else would like to get in. */
export const good = image({ seed: "good" });
export const evil = image({ seed: "evil" });

/** A registry with a login that holds an image under a tag, where it is to go, and one that nobody has mentioned. */
export interface SignedScene {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  readonly elsewhere: TestRegistry;
  readonly place: Target;
  /** the vendor signs the image */
  sign(): Promise<unknown>;
  up(more?: object): Promise<unknown>;
  /** the digest under the destination's tag */
  arrived(): string | undefined;
  close(): Promise<unknown>;
}

/** Opens the scene; nothing is signed yet. */
export async function openSignedScene(): Promise<SignedScene> {
  const [source, destination, elsewhere] = await Promise.all([
    startRegistry({ auth: "token" }),
    startRegistry({}),
    startRegistry({}),
  ]);
  const registries = [source, destination, elsewhere];
  const place = inRegistry(source, "acme/app");
  await put(place, good, "1");
  return {
    source,
    destination,
    elsewhere,
    place,
    sign: async () =>
      attachReferrer(place, await bundleReferrer(good.descriptor, vendor)),
    up: (more = {}) =>
      mirror({
        hosts: registries.map(({ host }) => host),
        inputs: {
          source: `${source.host}/acme/app:1`,
          destination: `${destination.host}/mirror/app:1`,
          policy: { signedBy: [keyOf(vendor)] },
          ...more,
        },
        config: {
          credentials: [
            { registry: source.host, username: "mirror", password: "secret" },
          ],
        },
      }),
    arrived: () => destination.tag("mirror/app", "1"),
    close: () => Promise.all(registries.map((one) => one.close())),
  };
}
