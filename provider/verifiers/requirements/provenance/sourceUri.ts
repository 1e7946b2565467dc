/** A place in version control, in one spelling. */
export interface SourceUri {
  /** `https://github.com/acme/app` */
  readonly repository: string;
  /** `refs/tags/v1.4.2`, a branch or a commit, as it was written */
  readonly ref?: string;
}

const scheme = /^(?:git\+)?(https|http|ssh|git):\/\/(.*)$/s;
const host = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/i;
const step = /^[A-Za-z0-9_.~+-]+$/;
const noRef = /\.\.|(?:^|\/)\.|[\\\s\p{Cc}]/u; // git-check-ref-format(1)

/**
 * Reads a source URI as SLSA writes it (`git+https://…@refs/heads/main`), as BuildKit does (`https://….git#refs/heads/main:folder`),
 * or as people do (`github.com/acme/app`). Whatever two readers could resolve to two places (`..`, `%2e`, user names, blanks) is
 * undefined (T32).
 */
export function readSourceUri(text: string): SourceUri | undefined {
  const [, protocol = "https", rest = text] = scheme.exec(text) ?? [];
  const slash = rest.indexOf("/");
  const authority = rest.slice(0, slash);
  if (slash < 1 || !host.test(authority)) return undefined;
  const { path, ref } = splitRef(rest.slice(slash + 1));
  const steps = path
    .replace(/\/$/, "")
    .replace(/\.git$/, "")
    .split("/");
  if (!steps.every(isPlain) || noRef.test(ref ?? "")) return undefined;
  const at = authority.toLowerCase().replace(/:443$/, "");
  const repository = `${protocol}://${at}/${steps.join("/")}`;
  return { repository, ...(ref && { ref }) };
}

function splitRef(text: string): { path: string; ref?: string } {
  const hash = text.indexOf("#");
  if (hash >= 0) {
    const [ref = ""] = text.slice(hash + 1).split(":");
    return { path: text.slice(0, hash), ref };
  }
  const at = text.indexOf("@");
  if (at < 0) return { path: text };
  return { path: text.slice(0, at), ref: text.slice(at + 1) };
}

function isPlain(name: string): boolean {
  return step.test(name) && name !== "." && name !== "..";
}

/** Whether a URI says that it is one of version control, and not of a package or a file. */
export function isGit(uri: string): boolean {
  return uri.startsWith("git+");
}
