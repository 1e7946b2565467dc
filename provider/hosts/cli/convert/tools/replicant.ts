import type { Values } from "../../../../mirror/lifecycle";
import type { DraftEntry, Format } from "../draft";
import { givenEntries } from "../reading/entries";
import type { Given, Mapping } from "../reading/given";
import { LeftOut } from "../reading/log";
import { placeOf } from "../dialects/place";

const modes = ["highest", "higher", "semver", "all"] as const;
type Mode = (typeof modes)[number];

const notes = [
  "replicant copies the linux/amd64 image of an index, under a digest of its own; here the whole index comes, and keeps its signatures (`platforms` limits what is copied). Tags that replicant wrote therefore name something else: they are left alone, with a warning that names them, until you remove them",
  "replicant takes sha256-….sig tags with `mode: all`; here evidence comes along with what it is about",
  "replace-tag compares image IDs; `replaceTag: verified` compares digests, and replaces only what the policy admits",
];

/** `images: { name: { source, destination, mode, … } }` */
export const replicant: Format = {
  name: "replicant",
  isOne: ({ keys }) => keys.includes("images"),
  read(top) {
    const mode = defaultMode(top.get("mode"));
    const images = top.within("images");
    const repositories = givenEntries(
      images.keys.flatMap((key) => images.get(key) ?? []),
      (entry, at) => entryOf(entry, at.path.slice("images.".length), mode),
    );
    top.finish("replicant");
    return {
      registries: new Map(),
      policies: new Map(),
      artifacts: [],
      repositories,
      notes,
    };
  },
};

function entryOf(
  entry: Mapping,
  name: string,
  mode: Mode | undefined,
): DraftEntry {
  const values: Values = {
    source: repositoryIn(entry, "source"),
    destination: repositoryIn(entry, "destination"),
    tags: tagsOf(entry, mode),
    ...(entry.flag("replace-tag") && { replaceTag: "verified" }),
  };
  entry.finish("replicant");
  return { name, values, path: entry.path, line: entry.line };
}

function tagsOf(entry: Mapping, otherwise: Mode | undefined): Values {
  const mode = modeOf(entry.get("mode")) ?? otherwise;
  if (mode === undefined) throw new LeftOut("its mode is not known");
  const compatibility = entry.text("compatibility");
  const pinnedMajor = pinnedIn(entry.get("pinned-major"));
  if (mode === "all") {
    const why = "is passed over by mode all, in replicant, too";
    entry.leave({ compatibility: why, "pinned-major": why });
    return { mode };
  }
  return {
    mode,
    ...(mode === "highest" && { ties: "last" }),
    ...(compatibility && { compatibility }),
    ...(pinnedMajor !== undefined && { pinnedMajor }),
  };
}

function pinnedIn(given: Given | undefined): number | undefined {
  const major = given?.count();
  if (given && (major === undefined || major < 0))
    throw new LeftOut(
      "pinned-major is no major version, so that nothing matches",
    );
  return major;
}

/** The mode of entries without their own; absent where it is none. */
function defaultMode(given: Given | undefined): Mode | undefined {
  const text = given?.text() || "highest";
  const mode = modes.find((each) => each === text);
  if (mode === undefined) given?.leave(`the mode ${text} is not known`);
  return mode;
}

function modeOf(given: Given | undefined): Mode | undefined {
  const text = given?.text();
  if (text === undefined || text === "") return undefined;
  const mode = modes.find((each) => each === text);
  if (mode === undefined) throw new LeftOut(`the mode ${text} is not known`);
  return mode;
}

function repositoryIn(entry: Mapping, key: string): string {
  const text = entry.get(key)?.text();
  if (text === undefined) throw new LeftOut(`${key} is missing`);
  const place = placeOf(text);
  if (place.tag !== undefined || place.digest !== undefined)
    throw new LeftOut(`${key} is no repository: it has a tag or a digest`);
  return place.repository;
}
