import { execFile } from "node:child_process";
import type { SampleDescriptor } from "../samples/target";
import { build, notation } from "./tools";

/** One signature for notation-core-go to make. */
export interface NotationSigning {
  readonly mediaType: string;
  readonly descriptor: SampleDescriptor;
  /** PKCS #8, PEM */
  readonly key: string;
  /** PEM, the leaf first */
  readonly chain: string;
  readonly scheme: "notary.x509" | "notary.x509.signingAuthority";
  readonly signingTime: Date;
  readonly expiry?: Date;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: string;
    readonly critical: boolean;
  }[];
  /** URL of a timestamp authority, and its root in PEM */
  readonly timestamper?: string;
  readonly tsaRoot?: string;
}

/** One signature for notation-go to verify. */
export interface NotationCase {
  /** a `trustpolicy.json` */
  readonly trustPolicy: unknown;
  /** PEM by type and name */
  readonly trustStores: Readonly<
    Record<string, Readonly<Record<string, readonly string[]>>>
  >;
  readonly descriptor: SampleDescriptor;
  readonly mediaType: string;
  readonly envelope: Buffer;
  /** `host/repository@sha256:…` */
  readonly reference: string;
}

/** What notation-go says. */
export interface NotationVerdict {
  readonly outcome: "verified" | "refused" | "skipped" | "invalid";
  readonly level?: string;
  readonly error?: string;
  /** checks that failed where failing is only logged */
  readonly logged?: readonly string[];
}

/** Signs with notation-core-go. Throws where it will not. */
export async function signWithNotation(
  cases: readonly NotationSigning[],
): Promise<readonly Buffer[]> {
  const made = await run<{
    readonly envelope?: string;
    readonly error?: string;
  }>("sign", cases);
  return made.map(({ envelope, error }) => {
    if (envelope === undefined) throw new Error(`notation: ${error}`);
    return Buffer.from(envelope, "base64");
  });
}

/** Verifies with notation-go, all in one process. */
export function verifyWithNotation(
  cases: readonly NotationCase[],
): Promise<readonly NotationVerdict[]> {
  const plain = cases.map((one) => ({
    ...one,
    envelope: one.envelope.toString("base64"),
  }));
  return run<NotationVerdict>("verify", plain);
}

function run<Answer>(
  word: "sign" | "verify",
  cases: readonly object[],
): Promise<readonly Answer[]> {
  const binary = build(notation);
  return new Promise((resolve, reject) => {
    const options = {
      env: { HOME: "/nonexistent", HTTP_PROXY: "http://127.0.0.1:1" },
      maxBuffer: 64 * 1024 * 1024,
    };
    const child = execFile(binary, [word], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`notation ${word}: ${stderr}`));
      else resolve(JSON.parse(stdout) as readonly Answer[]);
    });
    child.stdin?.end(JSON.stringify(cases));
  });
}
