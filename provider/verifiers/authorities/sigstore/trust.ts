import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial, type TrustMaterial } from "@sigstore/verify";
import { textOf } from "../../../mirror/textOf";
import { once } from "../../once";
import { reasonText } from "../../refusal";
import type { Problem } from "../../problem";
import { logRuleFor, type LogSettings, type SignerKind } from "./logSettings";
import {
  rootsOf,
  type EmbeddedRoot,
  type Root,
  type TrustedRootDocument,
} from "../../trust/trustedRoot";
import { rememberDer } from "./rememberDer";
import { stampersOf, type Stamper } from "./stampers";

/** One root, ready to judge with. */
export interface Trust extends TrustMaterial {
  readonly document: TrustedRootDocument;
  readonly stampers: readonly Stamper[];
  /** set where the root came with this package, and so may be older than what it has to judge */
  readonly embedded?: EmbeddedRoot;
}

/** Loads one checked root, once for each document: it takes milliseconds, and every judgement asks. Throws when a key or a certificate in it cannot be read. */
const loadDocument = once((document: TrustedRootDocument): Trust => {
  const trust: TrustMaterial = toTrustMaterial(
    TrustedRoot.fromJSON(document),
    () => {
      throw new Error("no key is chosen by its hint"); // T40
    },
  );
  for (const { certChain } of trust.certificateAuthorities) {
    certChain.forEach(rememberDer);
  }
  return { ...trust, document, stampers: stampersOf(document) };
}, 32);

/** One root, ready to judge with. Throws when a key or a certificate in it cannot be read. */
export function loadTrust({ document, embedded, refreshed }: Root): Trust {
  const trust = loadDocument(document);
  return embedded && !refreshed ? { ...trust, embedded } : trust;
}

/** What is wrong with the roots of a policy: keys that cannot be read, or nothing in it that could prove what is needed (T40). */
export function examineRoots(
  settings: LogSettings,
  signer: SignerKind,
): readonly Problem[] {
  return rootsOf(settings.trustedRoots).flatMap((root, i) => {
    const reason = problemOf(root, { settings, signer });
    return reason ? [{ path: ["trustedRoots", i], reason }] : [];
  });
}

interface Asked {
  readonly settings: LogSettings;
  readonly signer: SignerKind;
}

function problemOf(root: Root, asked: Asked): string | undefined {
  const lacking = lackOf(root, asked);
  if (lacking !== undefined) return lacking;
  try {
    loadTrust(root);
    return undefined;
  } catch (error) {
    return `holds a key or a certificate that cannot be read: ${reasonText(textOf(error))}`;
  }
}

function lackOf(root: Root, { settings, signer }: Asked): string | undefined {
  const { document } = root;
  const isLogged = logRuleFor(root, settings, signer) === "required";
  if (signer === "identity" && document.certificateAuthorities.length === 0) {
    return "has no certificate authority, so no identity can be proven with it";
  }
  if (isLogged && document.tlogs.length === 0) {
    return 'has no transparency log: give one that has, or set tlog: "not-required"';
  }
  const isStamped = signer === "identity" && !isLogged;
  if (isStamped && document.timestampAuthorities.length === 0) {
    return 'has no timestamp authority, which tlog: "not-required" needs';
  }
  return undefined;
}
