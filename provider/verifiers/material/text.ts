/** The largest piece of trust material: trusted roots have some ten kilobytes, revocation lists more. */
export const maxMaterialBytes = 1024 * 1024;

/** Material as text. Throws an `Error` for what is none. */
export function materialText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(
      "is not text: trust material is PEM or JSON (`openssl … -inform der -outform pem` writes PEM)",
      { cause },
    );
  }
}
