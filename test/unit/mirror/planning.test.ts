import { MirrorError } from "../../../provider/mirror/errors";
import { legacyTag, mirrored, planned, world } from "./mirrored";

const own = (log: readonly string[], word: string) =>
  log.filter((line) => line.startsWith(`${word} `));

const toCopy = { isShown: false };

const lost = (
  fault: "conflict" | "absent",
  code: "NOT_FOUND_MANIFEST" | "NOT_FOUND_BLOB" = "NOT_FOUND_MANIFEST",
) =>
  new MirrorError({
    fault,
    code,
    what: "could not write the manifest",
    why: "what it names is gone",
    remedy: "run it again",
  });

test("§3.4: where the root is absent, nothing below it is asked for before it is copied", async () => {
  const at = world();
  const made = await planned(at, toCopy);
  expect(at.destination.log).toEqual(["resolve 1.0", `has ${at.root.digest}`]);
  expect(made.isAsked).toBe(false);
  expect(made.blobs).toHaveLength(4);
  expect(made.blobs.some(({ isAbsent }) => isAbsent)).toBe(false);
});

test("what is shown is asked for: a preview counts what is really missing", async () => {
  const at = world();
  const made = await planned(at);
  expect(own(at.destination.log, "has")).toHaveLength(10);
  expect(made.blobs.every(({ isAbsent }) => isAbsent)).toBe(true);
});

test.each([true, false])(
  "a repository that is said not to be there is asked nothing more (isShown %s)",
  async (isShown) => {
    const at = world();
    at.source.image("signed", { tag: legacyTag(at.root) });
    at.destination.isMissing = true;
    const made = await planned(at, { isNew: true, isShown });
    expect(at.destination.log).toEqual(["resolve 1.0"]);
    expect(made.isAsked).toBe(true);
    expect(made.blobs.map(({ isAbsent }) => isAbsent)).toEqual(
      Array(4).fill(true),
    );
    expect(made.manifests).toHaveLength(3);
    expect(made.evidence).toHaveLength(2);
    expect(made.evidenceTags).toHaveLength(1);
  },
);

test("a foreign layer is asked for in any case: the source may not have it", async () => {
  const at = world();
  const foreign = {
    ...at.source.blob("foreign"),
    urls: ["https://vendor.example/layer"],
  };
  at.root = at.source.image("windows", { layers: [foreign] });
  at.source.referrer(at.root, "good");
  at.destination.blobs.set(foreign.digest, Buffer.from("foreign"));
  at.source.blobs.delete(foreign.digest);
  const made = await planned(at, toCopy);
  expect(made.blobs.map(({ blob }) => blob.digest)).not.toContain(
    foreign.digest,
  );
});

describe("§3.4 manifest-first", () => {
  /** an image of five blobs under the tag, and a new one that shares four of them */
  async function updated() {
    const at = world();
    const base = ["a", "b", "c"].map((text) => at.source.blob(text));
    const imageOf = (last: string) =>
      at.source.image("one", { layers: [...base, at.source.blob(last)] });
    at.root = imageOf("old");
    at.source.referrer(at.root, "good");
    await mirrored(at);
    at.root = imageOf("new");
    at.source.referrer(at.root, "good");
    at.destination.log.length = 0;
    return at;
  }

  test("an update asks with its manifest what is missing, and copies only that", async () => {
    const at = await updated();
    await mirrored(at, toCopy);
    const { log } = at.destination;
    expect(own(log, "offer")).toEqual([`offer ${at.root.digest}`]);
    expect(own(log, "has")).toEqual([]);
    expect(own(log, "copy")).toHaveLength(1 + 2); // the layer; the evidence was not asked for
    expect(log.at(-1)).toBe("tag 1.0");
  });

  test("what the offer found complete is not written twice", async () => {
    const at = await updated();
    await mirrored(at);
    at.destination.manifests.delete(at.root.digest);
    at.destination.image("other", { tag: "1.0" });
    await mirrored(at, toCopy);
    expect(own(at.destination.log, "put")).toEqual([
      `put ${at.root.digest}`, // by the offer
      expect.stringMatching(/^put /), // the evidence
    ]);
  });

  test("a place that is not known to refuse what is incomplete gets all blobs offered, and then the manifest", async () => {
    const at = await updated();
    at.destination.rejectsDangling = false;
    await mirrored(at, toCopy);
    expect(own(at.destination.log, "copy")).toHaveLength(5 + 2);
    expect(at.destination.named.get("1.0")).toBe(at.root.digest);
  });

  test("a place that does not name all that is missing gets everything when it refuses the manifest", async () => {
    const at = await updated();
    at.destination.offer = async (node) =>
      node.manifest.kind === "manifest" ? [node.manifest.config.digest] : [];
    const put = at.destination.put.bind(at.destination);
    at.destination.put = (node) =>
      put(node).catch(() => Promise.reject(lost("conflict", "NOT_FOUND_BLOB")));
    await mirrored(at, toCopy);
    expect(at.destination.named.get("1.0")).toBe(at.root.digest);
    expect(own(at.destination.log, "copy")).toHaveLength(1 + 2 + 5);
  });

  test("nothing is offered to a new tag: all of it is missing", async () => {
    const at = world();
    await mirrored(at, toCopy);
    expect(own(at.destination.log, "offer")).toEqual([]);
  });
});

describe("a referrer that a run which was killed left behind, there and not listed", () => {
  test("is written again, so that it is listed", async () => {
    const at = world();
    const { made } = await mirrored(at);
    at.destination.referrers = async () => [];
    const again = await planned(at);
    expect(again.evidence).toEqual(made.evidence);
  });

  test("where the list is denied, all referrers are written again", async () => {
    const at = world();
    const { made } = await mirrored(at);
    at.destination.unlisted = new MirrorError({
      fault: "denied",
      code: "AUTH_DENIED",
      what: "could not list",
      why: "no",
      remedy: "ask",
    });
    expect((await planned(at)).evidence).toEqual(made.evidence);
  });

  test("where the list cannot be had, nothing is planned", async () => {
    const at = world();
    await mirrored(at);
    at.destination.unlisted = new Error("no answer");
    await expect(planned(at)).rejects.toThrow("no answer");
  });
});

describe("F34: a child that was lost after it had been taken", () => {
  async function losing(errors: readonly Error[]) {
    const at = world();
    const left = [...errors];
    const put = at.destination.put.bind(at.destination);
    at.destination.put = async (node) => {
      const error = node.manifest.kind === "index" ? left.shift() : undefined;
      if (error) throw error;
      return put(node);
    };
    await mirrored(at);
    return own(at.destination.log, "put").length;
  }

  test("is written once more, and the index after it", () =>
    expect(losing([lost("conflict")])).resolves.toBe(2 + 3 + 1));

  test("and lost again is an error", () =>
    expect(losing([lost("conflict"), lost("conflict")])).rejects.toThrow(
      "what it names is gone",
    ));

  test.each([lost("absent"), new Error("another")])(
    "anything else is an error at once: %s",
    (error) => expect(losing([error])).rejects.toBe(error),
  );
});
