import { chooseTags } from "../../../provider/selectors/choose";
import type { TagsInput } from "../../../provider/selectors/tagsInput";

const words = (text: string) => text.split(" ").filter(Boolean);

/** Rules as field.md part 3 writes them, with replicant's way with several tags of one version. */
function rulesOf(text: string): TagsInput {
  const [mode, ...filters] = words(text);
  const given = Object.fromEntries(filters.map((word) => word.split("=")));
  return {
    mode: mode as TagsInput["mode"],
    ties: "last",
    evidenceTags: true,
    ...(given.compat && { compatibility: given.compat }),
    ...(given.pin && { pinnedMajor: Number(given.pin) }),
  };
}

/** What is copied: chosen, and not there by name. */
function copied(rules: TagsInput, source: string, destination: string) {
  const there = words(destination);
  const listing = { source: words(source), destination: there };
  return chooseTags(rules, listing)
    .chosen.filter((tag) => !there.includes(tag))
    .join(" ");
}

test.each`
  rules                         | source                               | destination             | result
  ${"highest"}                  | ${"1.9.9 1.10.0 latest"}             | ${""}                   | ${"1.10.0"}
  ${"highest"}                  | ${"1.9.9 1.10.0"}                    | ${"1.10.0"}             | ${""}
  ${"highest"}                  | ${"1.2 1.2.0 v1.2.0"}                | ${""}                   | ${"v1.2.0"}
  ${"highest"}                  | ${"latest edge 20240101"}            | ${""}                   | ${""}
  ${"highest compat=rc.1"}      | ${"1.0.0 2.0.0-rc.1 3.0.0-rc.2"}     | ${""}                   | ${"2.0.0-rc.1"}
  ${"highest"}                  | ${"2024.1.0 2025.2.0 18.4.0"}        | ${""}                   | ${"18.4.0"}
  ${"highest"}                  | ${"1.4.2 123"}                       | ${""}                   | ${"123"}
  ${"higher"}                   | ${"1.0.0 2.0.0"}                     | ${""}                   | ${""}
  ${"higher"}                   | ${"1.0.0 1.1.0 2.0.0"}               | ${"1.1.0"}              | ${"2.0.0"}
  ${"higher"}                   | ${"1.2 1.2.0 v1.2.0"}                | ${"1.2.0"}              | ${""}
  ${"higher"}                   | ${"1.0.0"}                           | ${"5.0.0"}              | ${""}
  ${"higher compat=alpine"}     | ${"1.1.0-alpine 1.2.0-alpine 3.0.0"} | ${"9.0.0 1.1.0-alpine"} | ${"1.2.0-alpine"}
  ${"higher pin=6"}             | ${"6.0.0 6.2.7"}                     | ${"7.0.0"}              | ${""}
  ${"semver"}                   | ${"2.0.0 1.0.0 latest 1.5.0-alpine"} | ${"1.0.0"}              | ${"2.0.0"}
  ${"semver"}                   | ${"1024.0.0 1025.0.0"}               | ${""}                   | ${"1024.0.0"}
  ${"semver"}                   | ${"10.0.17763.2114 1.2.3"}           | ${""}                   | ${"1.2.3"}
  ${"semver compat=fpm-alpine"} | ${"1.0.0-alpine 1.0.0-fpm-alpine"}   | ${""}                   | ${"1.0.0-fpm-alpine"}
  ${"all compat=alpine pin=6"}  | ${"latest 7.0.0 sha256-aa.sig"}      | ${"latest"}             | ${"7.0.0 sha256-aa.sig"}
`(
  "as replicant: $rules of $source, where $destination is there, copies: $result",
  ({ rules, source, destination, result }) => {
    expect(copied(rulesOf(rules), source, destination)).toBe(result);
  },
);

test.each`
  name               | rules                     | source                                                                                                                        | result
  ${"plain"}         | ${"semver"}               | ${"1.0.0 v1.2.0 1.10.0 1.9.9 latest edge 1.2 3 1.3.0-rc1 1.3.0-alpine 1.3.0+build5"}                                          | ${"1.0.0 v1.2.0 1.2 1.3.0+build5 1.9.9 1.10.0 3"}
  ${"compat=alpine"} | ${"semver compat=alpine"} | ${"1.0.0 1.2.0-alpine 1.10.0-alpine 1.11.0-alpine3.18 1-alpine 1.2-alpine v2.0.0-alpine 3.0.0-slim alpine 2.0.0-alpine-slim"} | ${"1-alpine 1.2.0-alpine 1.2-alpine 1.10.0-alpine v2.0.0-alpine"}
  ${"pin=6"}         | ${"semver pin=6"}         | ${"5.0.14 6.0.0 6.2.7 6 6.2 7.0.0 6.2.7-alpine"}                                                                              | ${"6.0.0 6 6.2 6.2.7"}
  ${"v forms"}       | ${"semver"}               | ${"V1.0.0 v1.0.0 version1.0.0 release-1.0.0 1.0.0.0 v 1."}                                                                    | ${"v1.0.0"}
  ${"leading zeros"} | ${"semver"}               | ${"01.2.3 1.02.3 1.2.03 1.2.3-01 1.2.3-0 1.2.3-alpha.01"}                                                                     | ${"01.2.3 1.02.3 1.2.03"}
  ${"floating"}      | ${"semver"}               | ${"1.24.0 1.24 1 1.25.1 1.25"}                                                                                                | ${"1 1.24.0 1.24 1.25 1.25.1"}
  ${"compat=Alpine"} | ${"semver compat=Alpine"} | ${"1.0.0-alpine 1.0.0-Alpine"}                                                                                                | ${"1.0.0-Alpine"}
`(
  "as replicant, in its order: $name",
  ({ rules, source, result }: Record<string, string>) => {
    expect(copied(rulesOf(rules ?? ""), source ?? "", "")).toBe(result);
  },
);

test("pinned-major 0 is distinct from unset, and a major that nobody has chooses nothing", () => {
  const listing = { source: ["0.9.1", "1.0.0"], destination: [] };
  expect(
    chooseTags({ mode: "semver", pinnedMajor: 0 }, listing).chosen,
  ).toEqual(["0.9.1"]);
  expect(
    chooseTags({ mode: "semver", pinnedMajor: 3 }, listing).chosen,
  ).toEqual([]);
});
