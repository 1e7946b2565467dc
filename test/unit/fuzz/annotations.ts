/** Annotations as one document; what is JSON inside them can be changed like the rest. */
export function documentOf(
  annotations: Readonly<Record<string, string>>,
): Buffer {
  const members = Object.entries(annotations).map(([name, text]) => [
    name,
    text.startsWith("{") ? JSON.parse(text) : text,
  ]);
  return Buffer.from(JSON.stringify(Object.fromEntries(members)));
}

/** The document as annotations again: texts alone. */
export function annotationsIn(document: Buffer): Record<string, string> {
  try {
    const members = Object.entries(JSON.parse(document.toString()) ?? {});
    return Object.fromEntries(
      members.map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  } catch {
    return { "dev.sigstore.cosign/bundle": document.toString() };
  }
}
