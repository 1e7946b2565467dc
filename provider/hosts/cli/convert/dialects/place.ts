import { hostIn } from "./hosts";
import { LeftOut } from "../reading/log";

/** A place as docker writes it, in whole words. */
export interface Place {
  /** `docker.io/library/nginx`, or `oci:./folder` */
  readonly repository: string;
  /** absent for a layout */
  readonly host?: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Understands `nginx`, `acme/app:1`, `registry:5000/x@sha256:…` and `ocidir://folder:tag` as the tools do. */
export function placeOf(text: string): Place {
  const layout = /^ocidir:\/\/(.+)$/.exec(text)?.[1];
  if (layout !== undefined) return layoutOf(layout);
  if (/^[a-z]+:\/\//.test(text))
    throw new LeftOut(`${text} has a scheme that is no registry's`);
  const { name, ...rest } = cut(text);
  const { host, path } = split(name);
  const isShort = host === "docker.io" && !path.includes("/");
  const whole = isShort ? `library/${path}` : path;
  if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(whole))
    throw new LeftOut(`${text} is no repository's name`);
  return { repository: `${host}/${whole}`, host, ...rest };
}

function layoutOf(text: string): Place {
  const { name, ...rest } = cut(text);
  const path = /^[./]/.test(name) ? name : `./${name}`;
  return { repository: `oci:${path}`, ...rest };
}

/** Docker Hub is meant where nothing looks like a host. */
function split(name: string): { readonly host: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:A-Z[]/.test(first) || first === "localhost";
  if (!isHost) return { host: "docker.io", path: name };
  return { host: hostIn(first), path: name.slice(slash + 1) };
}

function cut(text: string): {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
} {
  const [, name = text, tag, digest] =
    /^(.*?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@([a-z0-9]+:[0-9a-f]+))?$/.exec(
      text,
    ) ?? [];
  return { name, ...(tag && { tag }), ...(digest && { digest }) };
}

/** A name for an entry: the path behind the host, and what tells it from others. */
export function nameFor({ repository, host, tag }: Place): string {
  const path =
    host === undefined
      ? repository.replace(/^oci:[./]*/, "")
      : repository.slice(host.length + 1);
  return tag === undefined ? path : `${path}-${tag}`;
}
