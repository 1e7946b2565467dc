import type { Platform } from "../../../oci/platform";

const systems: Readonly<Record<string, string>> = { win32: "windows" };
const architectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
};

/** What this process runs on, in the words of an index. */
export function thisMachine({
  platform,
  arch,
}: {
  readonly platform: string;
  readonly arch: string;
} = process): Platform {
  return {
    os: systems[platform] ?? platform,
    architecture: architectures[arch] ?? arch,
  };
}
