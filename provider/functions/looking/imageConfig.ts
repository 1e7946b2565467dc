import { MirrorError } from "../../mirror/errors";
import type { Node, Reach, Source } from "../../mirror/ports";
import { printable } from "../../mirror/printable";
import { asObject, optionalString, readJson } from "../../oci/json";
import { MalformedError } from "../../oci/malformed";
import { isImageConfig } from "../../oci/mediaType";
import { formatPlatform } from "../../oci/platform";
import { asTime } from "./created";

const maxConfigBytes = 4 * 1024 * 1024;
const maxItems = 100_000;

/** What an image's config tells that its manifest does not. */
export interface ImageConfig {
  readonly platform?: string | undefined;
  readonly created?: string | undefined;
}

/** Reads the config of an image; one that is too large, or nothing that can be read, tells nothing. */
export async function readImageConfig(
  place: Source,
  { manifest }: Node,
  reach: Reach,
): Promise<ImageConfig> {
  if (manifest.kind === "index") return {};
  const { config } = manifest;
  if (!isImageConfig(config.mediaType) || config.size > maxConfigBytes)
    return {};
  try {
    return parsed(await place.read(config, maxConfigBytes, reach));
  } catch (error) {
    if (isUnread(error)) return {};
    throw error;
  }
}

/** A config that is missing, or breaks its grammar, is the publisher's: the artifact can be looked at all the same. */
function isUnread(error: unknown): boolean {
  if (error instanceof MalformedError) return true;
  return error instanceof MirrorError && error.fault === "absent";
}

function parsed(bytes: Uint8Array): ImageConfig {
  const at = "config";
  const config = asObject(readJson(bytes, { maxItems }), at);
  const text = (name: string) => optionalString(config, name, at);
  const [os, architecture] = [text("os"), text("architecture")];
  const variant = text("variant");
  const platform =
    os && architecture
      ? formatPlatform({ os, architecture, ...(variant && { variant }) })
      : undefined;
  return {
    platform: platform && printable(platform, 60),
    created: asTime(text("created")),
  };
}
