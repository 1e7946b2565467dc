import { amountOf, type Amount, type Plan } from "../../mirror/plan";
import { signerText } from "../../mirror/refusal";
import type { Progress } from "../../mirror/transfer";
import type { Admitted } from "../../mirror/verify";

const maxNames = 5;
const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `12.3 MiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(
    units.length - 1,
    bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10),
  );
  const amount = bytes / 2 ** (10 * power);
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}

/** `1 tag`, `2 tags`, `2 repositories`. */
export const plural = (count: number, noun: string) =>
  `${count} ${count === 1 ? noun : `${noun.replace(/y$/, "ie")}s`}`;

/** `5 blobs (12.3 MiB), 2 manifests, 1 evidence manifest`, or `nothing`. */
export function amountText({
  blobs,
  bytes,
  manifests,
  evidence,
}: Amount): string {
  const parts = [
    blobs > 0 && `${plural(blobs, "blob")} (${bytesText(bytes)})`,
    manifests > 0 && plural(manifests, "manifest"),
    evidence > 0 && plural(evidence, "evidence manifest"),
  ].filter(Boolean);
  return parts.join(", ") || "nothing";
}

/** Who vouched: `key sha256:… (signedBy[0].key)`. */
export function signersText({ verdicts, policy }: Admitted): string {
  if (policy.unverified !== undefined)
    return `NOT VERIFIED: ${policy.unverified}`;
  const signers = verdicts.flatMap(({ satisfiedBy }) =>
    satisfiedBy.map(
      ({ signer, authority }) => `${signerText(signer)} [${authority}]`,
    ),
  );
  const names = [...new Set(signers)];
  const more = names.length - maxNames;
  const rest = more > 0 ? ` and ${more} more` : "";
  return `signed by ${names.slice(0, maxNames).join(", ")}${rest}`;
}

/** What a preview says of an artifact that may come in. */
export function planText(reference: string, planned: Plan): string {
  return `${reference}: ${signersText(planned.admitted)}; would copy ${amountText(amountOf(planned))}`;
}

/** How far the copying has come: `copied 2 of 5 blobs, 3.1 MiB of 12.3 MiB`. */
export function progressText({
  blobs,
  blobsDone,
  bytes,
  bytesDone,
}: Progress): string {
  return `copied ${blobsDone} of ${plural(blobs, "blob")}, ${bytesText(bytesDone)} of ${bytesText(bytes)}`;
}
