const annotation = "org.opencontainers.image.created";
const rfc3339 =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** When a publisher says that it was made; a text that is no time counts as none. */
export function saidCreated(
  annotations: Readonly<Record<string, string>>,
): string | undefined {
  return asTime(annotations[annotation]);
}

/** The moment in one form, where the text is one (RFC 3339). */
export function asTime(text: string | undefined): string | undefined {
  if (text === undefined || !rfc3339.test(text)) return undefined;
  const time = new Date(text);
  // reproducible builds write the year 1, or 1970
  return time.getTime() > 0 ? time.toISOString() : undefined;
}
