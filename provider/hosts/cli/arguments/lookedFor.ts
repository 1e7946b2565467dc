import type { Values } from "../../../mirror/lifecycle";
import type { Asked } from "../asked";

/** The arguments by which every function is told which artifact is meant. */
export function lookedFor(asked: Asked): Values {
  const digest = asked.text("digest");
  const platforms = asked.texts("platform");
  return {
    source: asked.word(0),
    ...(digest !== undefined && { digest }),
    ...(platforms.length > 0 && { platforms }),
  };
}

/** The same where evidence is looked for, too. */
export function evidenceOf(asked: Asked): Values {
  const repositories = asked.texts("repository");
  return {
    ...lookedFor(asked),
    ...(repositories.length > 0 && { repositories }),
  };
}
