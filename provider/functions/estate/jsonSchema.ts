import { toJSONSchema } from "zod";
import { estateShape } from "./shape";

/** The shape of estate files as editors read it. What contradicts itself is found by `getEstate` only. */
export function estateJsonSchema(): object {
  const schema = toJSONSchema(estateShape, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      for (const mark of marks) delete jsonSchema[mark];
    },
  });
  return {
    ...schema,
    title: "Estate of artifact-mirror",
    description:
      "OCI artifacts and repositories that are mirrored, and who must have signed them.",
  };
}

/** Words of ours that mean nothing to an editor; `id` would be read as an address. */
const marks = ["material", "secret", "id"];
