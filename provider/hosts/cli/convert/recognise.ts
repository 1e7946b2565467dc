import { misunderstood } from "../exit";
import type { Format } from "./draft";
import { fluxMirror } from "./tools/fluxMirror/fluxMirror";
import type { Mapping } from "./reading/given";
import { regsync } from "./tools/regsync/regsync";
import { replicant } from "./tools/replicant";

const formats: readonly Format[] = [regsync, replicant, fluxMirror];

/** Which tool's file it is: the one that is named, or the one that it looks like. */
export function recognise(
  top: Mapping,
  how: { readonly name: string; readonly from?: string | undefined },
): Format {
  const known = formats.map(({ name }) => name).join(", ");
  if (how.from !== undefined) {
    const named = formats.find(({ name }) => name === how.from);
    if (named) return named;
    throw misunderstood({
      what: `could not convert from ${how.from}`,
      why: "that is no tool whose files are known",
      remedy: `write one of ${known}`,
    });
  }
  const [like, ...others] = formats.filter((format) => format.isOne(top));
  if (like && others.length === 0) return like;
  throw misunderstood({
    what: `could not tell whose file ${how.name} is`,
    why:
      top.peek("kind") === "ImageSetConfiguration"
        ? "it is one of oc-mirror, which resolves catalogs of operators that no registry lists"
        : "it looks like none of those that are known, or like several",
    remedy: `say --from ${known.replaceAll(", ", ", or --from ")}`,
  });
}
