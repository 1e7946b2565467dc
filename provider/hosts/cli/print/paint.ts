import type { Terminal } from "../terminal";

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Colours a text; where nobody looks, it leaves it as it is. */
export type Paint = Readonly<
  Record<keyof typeof codes, (text: string) => string>
>;

/** Colours for people; never the only bearer of a meaning. */
export function paintFor({ colours }: Terminal): Paint {
  const painter = (code: number) => (text: string) =>
    colours && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: painter(codes.bold),
    dim: painter(codes.dim),
    red: painter(codes.red),
    green: painter(codes.green),
    yellow: painter(codes.yellow),
  };
}
