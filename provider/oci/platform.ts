import {
  asObject,
  defined,
  optionalString,
  refuseMiscased,
  type Json,
} from "./json";
import { MalformedError } from "./malformed";

/** What a child of an index runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

const written =
  /^([a-z0-9]+)(?:\(([A-Za-z0-9._-]+)\))?\/([a-z0-9_]+)(?:\/([a-z0-9.]+))?$/;

const fields = ["os", "architecture", "variant", "os.version", "os.features"];

/** Reads `os/architecture[/variant]`, with `os(version)` for a version; throws `MalformedError` with rule `platform`. */
export function parsePlatform(text: string): Platform {
  const [, os, osVersion, architecture, variant] = written.exec(text) ?? [];
  if (os === undefined || architecture === undefined) {
    throw new MalformedError(
      "platform",
      `${JSON.stringify(text)} is not a platform: os/architecture[/variant] is expected, as in linux/arm64/v8`,
    );
  }
  return defined({ os, architecture, variant, osVersion });
}

/** Reads a descriptor's `platform`; what is missing is empty, as Go reads it. */
export function readPlatform(value: Json, at: string): Platform {
  const platform = asObject(value, at);
  refuseMiscased(platform, fields, at);
  return defined({
    os: optionalString(platform, "os", at) ?? "",
    architecture: optionalString(platform, "architecture", at) ?? "",
    variant: optionalString(platform, "variant", at),
    osVersion: optionalString(platform, "os.version", at),
  });
}

/** Writes a platform as `parsePlatform` reads it. */
export function formatPlatform(platform: Platform): string {
  const { os, osVersion, architecture, variant } = platform;
  const system = osVersion === undefined ? os : `${os}(${osVersion})`;
  return [system, architecture, variant]
    .filter((part) => part !== undefined)
    .join("/");
}

/** Whether a child's platform is the wanted one; what is not said in `wanted` matches anything. */
export function matchesPlatform(wanted: Platform, have: Platform): boolean {
  if (wanted.os !== have.os || wanted.architecture !== have.architecture) {
    return false;
  }
  const variant = wanted.variant ?? variantOf(have);
  return variant === variantOf(have) && matchesVersion(wanted, have);
}

/** The variant, or the one that its absence means: 64-bit ARM is v8, 32-bit ARM is v7. */
function variantOf(platform: Platform): string | undefined {
  const implied: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7" };
  return platform.variant ?? implied[platform.architecture];
}

function matchesVersion(wanted: Platform, have: Platform): boolean {
  if (wanted.osVersion === undefined) return true;
  return `${have.osVersion ?? ""}.`.startsWith(`${wanted.osVersion}.`);
}
