import { MirrorError } from "../../../provider/mirror/errors";
import { SmallStack } from "./smallStack";

const tags = Array.from({ length: 40 }, (_, at) => `1.${at}.0`);
const silence = new MirrorError({
  fault: "unreachable",
  code: "NETWORK",
  what: "could not read the manifest",
  where: { side: "source", reference: "source.example/app" },
  why: "no answer came",
  remedy: "try again",
});

/** Lists all its tags, and does not answer for those; what it was asked in vain. */
function silentAbout(
  stack: SmallStack,
  isSilent: (tag: string) => boolean,
): string[] {
  const asked: string[] = [];
  const { fetch, resolve } = stack.source;
  const orSilence =
    <Answer>(answer: (name: string) => Promise<Answer>) =>
    (name: string): Promise<Answer> => {
      if (!tags.includes(name) || !isSilent(name))
        return answer.call(stack.source, name);
      asked.push(name);
      return Promise.reject(silence);
    };
  stack.source.fetch = orSilence(fetch);
  stack.source.resolve = orSilence(resolve);
  return asked;
}

test("a source that does not answer for several tags in a row is asked for no further one, and each is named", async () => {
  const stack = new SmallStack();
  for (const tag of tags) stack.source.tagged(tag);
  const asked = silentAbout(stack, (tag) => tag !== "1.0.0");
  const { error } = await stack.up();
  // five in a row, and those that were under way by then
  expect(asked.length).toBeLessThanOrEqual(13);
  const text = String(error);
  for (const tag of tags.slice(1)) expect(text).toContain(`${tag}: `);
  expect(text).toContain("was not asked for");
  expect(Object.keys(Object(stack.digests))).toEqual(["1.0.0"]);
});

test("tags that need nobody's answer are no sign that somebody answers", async () => {
  const stack = new SmallStack();
  const isOdd = (tag: string) => tags.indexOf(tag) % 2 === 1;
  for (const tag of tags) stack.source.tagged(tag);
  await stack.up({
    tags: { mode: "list", list: tags.filter((tag) => !isOdd(tag)) },
  });
  expect(Object.keys(Object(stack.digests))).toHaveLength(20);
  const asked = silentAbout(stack, isOdd);
  const { lifecycle, inputs, state } = stack;
  const desired = {
    inputs: { ...inputs, tags: { mode: "all" } },
    oldInputs: { ...inputs },
    ...(state && { state }),
    ignoreChanges: [],
  };
  await expect(lifecycle.plan(stack.call(), desired)).rejects.toThrow(
    "was not asked for",
  );
  expect(asked.length).toBeLessThanOrEqual(13);
});
