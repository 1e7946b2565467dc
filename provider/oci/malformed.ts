/** What kind of text or document broke its grammar. */
export type MalformedRule =
  | "digest"
  | "reference"
  | "json"
  | "descriptor"
  | "manifest"
  | "mediaType"
  | "platform";

/** A text or document that breaks the rules of an OCI spec. Who was asked, and which side it was, is for the caller to say. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";

  constructor(
    readonly rule: MalformedRule,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The bare message, for sentences that quote it. */
  override toString(): string {
    return this.message;
  }
}
