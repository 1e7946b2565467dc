/** Why a plugin's word does not count (`verification.md` §7.2, T37); stable. */
export type PluginCode =
  | "PLUGIN_CHANGED"
  | "PLUGIN_ERROR"
  | "PLUGIN_FAILED"
  | "PLUGIN_NO_EVIDENCE"
  | "PLUGIN_REFUSED"
  | "PLUGIN_TIMEOUT";

/** Thrown where a plugin could not be had, did not run as it must, or gave no answer; never leaves the requirement. */
export class PluginFailure extends Error {
  override readonly name = "PluginFailure";
  /** whether nothing was said against the artifact: somebody could not be asked */
  readonly isInconclusive: boolean;

  constructor(
    readonly code: PluginCode,
    message: string,
    {
      isInconclusive = false,
      ...options
    }: ErrorOptions & { readonly isInconclusive?: boolean } = {},
  ) {
    super(message, options);
    this.isInconclusive = isInconclusive;
  }
}
