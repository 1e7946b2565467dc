import type { Value, Values } from "../../../provider/mirror/lifecycle";
import type { Cosign } from "../cosign";
import { acme, type CosignTrust } from "./cosignTrust";
import { reviewed } from "./cosignEvidence";

/** What is asked of an image, in cosign's words and in ours. */
export interface CosignPolicy {
  readonly name: string;
  readonly byKey: boolean;
  /** of attestations, else of signatures */
  readonly type?: string;
  readonly flags: (trust: CosignTrust) => readonly string[];
  readonly authority: (trust: CosignTrust) => Values;
}

const root = ["--trusted-root", "trusted_root.json"];
const logged = ({ world }: CosignTrust): Values => ({
  trustedRoots: [world.trustedRoot],
});
const unlogged = (trust: CosignTrust): Values => ({
  ...logged(trust),
  tlog: "not-required",
});

const keys: readonly CosignPolicy[] = [
  {
    byKey: true,
    name: "key",
    flags: () => ["--key", "key.pub", ...root],
    authority: (trust) => ({
      key: { publicKey: trust.key.publicKeyPem, ...logged(trust) },
    }),
  },
  {
    byKey: true,
    name: "key, no log",
    flags: () => ["--key", "key.pub", ...root, "--insecure-ignore-tlog"],
    authority: (trust) => ({
      key: { publicKey: trust.key.publicKeyPem, ...unlogged(trust) },
    }),
  },
  {
    byKey: true,
    name: "another's root",
    flags: () => ["--key", "key.pub", "--trusted-root", "other_root.json"],
    authority: ({ key, otherWorld }) => ({
      key: {
        publicKey: key.publicKeyPem,
        trustedRoots: [otherWorld.trustedRoot],
      },
    }),
  },
  {
    byKey: true,
    name: "key, annotated",
    flags: () => ["--key", "key.pub", ...root, "-a", "build=7"],
    authority: (trust) => ({
      key: {
        publicKey: trust.key.publicKeyPem,
        annotations: { build: "7" },
        ...logged(trust),
      },
    }),
  },
];

const identity = ["--certificate-identity", acme.identity];
const issuer = ["--certificate-oidc-issuer", acme.issuer];

const keyless = (
  name: string,
  flags: readonly string[],
  settings: Values,
): CosignPolicy => ({
  byKey: false,
  name,
  flags: () => [...flags, ...root],
  authority: (trust) => ({ keyless: { ...logged(trust), ...settings } }),
});

const pattern = (name: string, text: string): CosignPolicy =>
  keyless(
    `pattern ${name}`,
    ["--certificate-identity-regexp", text, ...issuer],
    { issuer: acme.issuer, identityPattern: text },
  );

const extension = (flag: string, name: string, value: string): CosignPolicy =>
  keyless(
    `${name}=${value}`,
    [...identity, ...issuer, `--certificate-github-workflow-${flag}`, value],
    { ...acme, extensions: { [name]: value } },
  );

const identities: readonly CosignPolicy[] = [
  keyless("identity", [...identity, ...issuer], acme),
  keyless(
    "other identity",
    ["--certificate-identity", "https://github.com/mallory/app", ...issuer],
    { ...acme, identity: "https://github.com/mallory/app" },
  ),
  keyless(
    "part of the identity",
    ["--certificate-identity", "https://github.com/acme/app", ...issuer],
    { ...acme, identity: "https://github.com/acme/app" },
  ),
  keyless(
    "other issuer",
    [...identity, "--certificate-oidc-issuer", "https://issuer.example"],
    { ...acme, issuer: "https://issuer.example" },
  ),
  keyless(
    "identity, no log",
    [
      ...identity,
      ...issuer,
      "--insecure-ignore-tlog",
      "--use-signed-timestamps",
    ],
    { ...acme, tlog: "not-required" },
  ),
  keyless("identity, annotated", [...identity, ...issuer, "-a", "build=7"], {
    ...acme,
    annotations: { build: "7" },
  }),
  pattern("anchored", "^https://github\\.com/acme/app/.*@refs/heads/main$"),
  pattern("unanchored", "https://github\\.com/acme/app/"),
  pattern("inside", "acme/app"),
  pattern("elsewhere", "^https://gitlab\\.com/.*$"),
  extension("repository", "workflowRepository", "acme/app"),
  extension("repository", "workflowRepository", "acme/other"),
  extension("ref", "workflowRef", "refs/heads/main"),
  extension("ref", "workflowRef", "refs/heads/dev"),
  extension("trigger", "workflowTrigger", "push"),
  extension("trigger", "workflowTrigger", "pull_request"),
  extension("name", "workflowName", "Release"),
  extension("sha", "workflowSha", "0000"),
];

const asked = [...keys, ...identities];

/** Of signatures and of attestations, whichever cosign knows. */
export const cosignPolicies: readonly CosignPolicy[] = [
  ...asked,
  ...asked
    .filter(({ name }) => !name.includes("annotated"))
    .map((one) => ({ ...one, name: `${one.name}, reviewed`, type: reviewed })),
  ...asked
    .filter(({ name }) => name === "key" || name === "identity")
    .map((one) => ({ ...one, name: `${one.name}, spdx`, type: "spdx" })),
];

/** Writes what the flags name. */
export function prepare(cosign: Cosign, trust: CosignTrust): void {
  cosign.file("key.pub", trust.key.publicKeyPem);
  cosign.file("trusted_root.json", trust.world.trustedRoot);
  cosign.file("other_root.json", trust.otherWorld.trustedRoot);
}

/** The policy in cosign's words. */
export function commandOf(
  { type, flags }: CosignPolicy,
  trust: CosignTrust,
): readonly string[] {
  const words =
    type === undefined ? ["verify"] : ["verify-attestation", "--type", type];
  return [...words, "--offline", ...flags(trust)];
}

/** The policy in our words. */
export function policyOf(
  { type, authority }: CosignPolicy,
  trust: CosignTrust,
): Value {
  const by = [authority(trust)];
  return type === undefined
    ? { signedBy: by }
    : { attestations: [{ type, by }] };
}
