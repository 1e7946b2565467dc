import { signatureLayer } from "../../samples/legacyEvidence";
import { keyOf, other, vendor } from "./judging";
import { type Sample, type Wanted } from "./provenanceJudging";
import { buildKit, buildKit1, ref, repository } from "./provenances";
import { bareStatement, judgeStated } from "./stating";
import { evidenceOf } from "./world";

const sourceUri = repository;
const everything: Wanted = {
  sourceUri,
  sourceRef: ref,
  sourceVersion: "^1.4.0",
};

describe("provenance that BuildKit left inside the artifact", () => {
  test.each<[string, Sample, Wanted, string]>([
    ["from Git", buildKit, everything, "OK"],
    [
      "from Git, with arguments",
      buildKit,
      {
        parameters: {
          allow: ["frontend", "args"],
          equals: { "args.build-arg:EDITION": "full" },
        },
      },
      "OK",
    ],
    [
      "from a folder",
      buildKit1,
      { sourceUri, builderId: "https://ci.example/builders/7" },
      "OK",
    ],
    ["from a folder, whose ref nobody knows", buildKit1, everything, "POLICY"],
    [
      "from another repository",
      buildKit,
      { sourceUri: `${repository}2` },
      "POLICY",
    ],
    ["at another version", buildKit, { sourceVersion: "2.x" }, "POLICY"],
    [
      "with other arguments",
      buildKit,
      { parameters: { allow: ["frontend"] } },
      "POLICY",
    ],
    ["above level 1", buildKit1, { level: 2 }, "POLICY"],
  ])(
    "counts under a signature over what contains it: %s",
    async (_, provenance, wanted, code) => {
      const cover = evidenceOf(
        other,
        await signatureLayer(other, vendor),
        "sig",
      );
      const inside = [
        { statement: bareStatement(provenance), covers: [cover] },
      ];
      const policy = { provenance: [{ by: [keyOf(vendor)], ...wanted }] };
      expect(await judgeStated(policy, { inside })).toMatchObject({ code });
      const uncovered = inside.map((one) => ({ ...one, covers: [] }));
      expect(await judgeStated(policy, { inside: uncovered })).toMatchObject({
        code: "UNSIGNED",
      });
    },
  );
});
