import fc from "fast-check";
import type { Authenticated } from "../../../provider/mirror/ports";
import { vouch } from "../../../provider/mirror/vouch";
import { MalformedError } from "../../../provider/oci/malformed";
import { readJson } from "../../../provider/oci/json";
import { answerOf } from "../../../provider/verifiers/requirements/plugin/answer";
import { PluginFailure } from "../../../provider/verifiers/requirements/plugin/failure";
import {
  wrongProvenance,
  type WantedProvenance,
} from "../../../provider/verifiers/requirements/provenance/check";
import { readProvenance } from "../../../provider/verifiers/requirements/provenance/read";
import { readSourceUri } from "../../../provider/verifiers/requirements/provenance/sourceUri";
import {
  conditionOf,
  problemOfExpression,
} from "../../../provider/verifiers/requirements/where/evaluate";
import { celValueOf } from "../../../provider/verifiers/requirements/where/values";
import { fuzz, inBytes, mutants, readOrRefused, slips } from "./fuzzing";
import { subject } from "../verifiers/judging";
import { inJson } from "./jsonMutations";
import {
  buildKit,
  buildKit1,
  certified,
  generated,
  generator,
  github,
  githubIssuer,
  repository,
  workflow,
} from "../verifiers/provenances";
import { bundleLayer, evidenceOf, type Editable } from "../verifiers/world";

const evidence = evidenceOf(subject, bundleLayer(Buffer.from("{}")));
const names: Readonly<Record<number, string>> = certified;

/** Provenance that a workflow has signed. */
function vouched(document: Buffer): Authenticated | undefined {
  const statement = statementIn(document);
  return (
    statement &&
    vouch({
      evidence,
      authority: "provenance[0].by[0].keyless",
      format: "sigstore-bundle-0.3",
      signer: {
        issuer: githubIssuer,
        identity: document.length % 2 === 0 ? workflow : generator,
        extensions: {
          sourceRepository: names[12] ?? "",
          sourceRepositoryRef: names[14] ?? "",
        },
      },
      times: [],
      statement,
    })
  );
}

function statementIn(document: Buffer) {
  try {
    const { predicateType, predicate } = JSON.parse(document.toString());
    return {
      type: "https://in-toto.io/Statement/v1",
      subjects: [],
      predicateType,
      predicate: readJson(Buffer.from(JSON.stringify(predicate))),
    };
  } catch {
    return undefined;
  }
}

const makes = [github, generated, buildKit, buildKit1].map((made) =>
  Buffer.from(JSON.stringify(made)),
);

test("provenance is read or refused", async () => {
  await fuzz(mutants(makes, inJson), async (document) => {
    const statement = statementIn(document);
    if (!statement) return;
    const read = await readOrRefused(
      () => readProvenance(statement),
      [MalformedError],
    );
    const text = document.toString();
    for (const uri of read?.sources ?? []) {
      const [place = ""] = uri.split("@"); // a workflow's ref is said apart
      expect(text).toContain(JSON.stringify(place).slice(1, -1));
    }
  });
});

test.each<[string, WantedProvenance]>([
  ["a repository", { sourceUri: `${repository}-evil` }],
  ["a ref", { sourceRef: "refs/heads/evil" }],
  ["a version", { sourceVersion: "^9.0.0" }],
  ["a builder", { builderId: "https://evil.example/builder" }],
  ["a type", { buildTypes: ["https://evil.example/type"] }],
  ["a parameter", { parameters: { equals: { evil: "true" } } }],
  ["a level", { level: 4 }],
])(
  "whatever provenance says, %s that is not in it is missed",
  async (_, wanted) => {
    await fuzz(
      mutants(makes, inJson),
      (document) => {
        const piece = vouched(document);
        if (!piece) return;
        const wrong = wrongProvenance(piece, wanted);
        expect(wrong).toEqual(expect.any(String));
        expect(wrong).not.toMatch(slips);
      },
      400,
    );
  },
);

test("a source is the place that a browser would go to, or none", async () => {
  const parts = fc.constantFrom(
    "git+",
    "https://",
    "HTTPS://",
    "ssh://",
    "git@",
    "user:pass@",
    "//",
    "github.com",
    "GitHub.com",
    "evil.example",
    "/acme",
    "/app",
    ".git",
    "/..",
    "/.",
    "%2e%2e",
    "\\",
    "?",
    "#",
    "@refs/heads/main",
    ":443",
    " ",
    "\t",
    "\u3002",
    "ſ",
    "/",
    ":",
    "//evil.example/",
    "\u0000",
    "\n",
  );
  const texts = fc.array(parts, { maxLength: 8 }).map((all) => all.join(""));
  await fuzz(texts, (text) => {
    const source = readSourceUri(text);
    if (!source) return;
    const url = new URL(
      text.replace(/^git\+/, "").replace(/^(?!\w+:\/\/)/, "https://"),
    );
    const seen = new URL(source.repository);
    expect([url.username, url.password]).toEqual(["", ""]);
    expect(seen.hostname.toLowerCase()).toBe(url.hostname.toLowerCase());
    expect(url.pathname.startsWith(seen.pathname)).toBe(true);
    expect(seen.href).toBe(source.repository);
  });
});

test.each<[string, (value: Editable) => boolean]>([
  [
    "predicate.scan.critical == 0 && predicate.scan.tool == 'x'",
    (value) => value?.scan?.critical === 0 && value.scan.tool === "x",
  ],
  ["predicate.done", (value) => value?.done === true],
])(
  "%s holds exactly where it is so, whatever else there is",
  async (expression, isSo) => {
    const condition = conditionOf(expression);
    const scan = { critical: 0, tool: "x" };
    const good = { scan, done: true, more: [1, null] };
    const samples = [Buffer.from(JSON.stringify(good))];
    await fuzz(mutants(samples, inJson), async (document) => {
      const predicate = await readOrRefused(() => readJson(document));
      if (predicate === undefined) return;
      const why = condition({ predicate: celValueOf(predicate) });
      const value = JSON.parse(document.toString());
      expect(why === undefined).toBe(isSo(value));
    });
  },
);

test("an expression is taken or refused, and ends, whatever it is", async () => {
  const parts = fc.constantFrom(
    "predicate",
    ".a",
    "[0]",
    "[",
    "]",
    "(",
    ")",
    "==",
    "!",
    "&&",
    "||",

    "1",
    "'x'",
    "size(",
    "has(",
    "true",
    "?",
    ":",
    "in",
    "null",
    ".map(x, ",

    "predicate.list",
    ".all(x,",
    ".exists(x,",
    "matches('(a+)+$')",
    "-",
    "/ 0",
    "1.0",
    "9223372036854775807",
    "duration('1h')",
    "timestamp('x')",
    "+",
  );
  const texts = fc.array(parts, { maxLength: 10 }).map((all) => all.join(" "));
  const predicate = celValueOf({ a: { a: 1 }, list: [1, "x", null] });
  await fuzz(
    texts,
    async (text) => {
      if (problemOfExpression(text) !== undefined) return;
      const said = conditionOf(text)({ predicate });
      expect([undefined, "string"]).toContain(said && typeof said);
    },
    400,
  );
});

test("a plugin says yes only in one object on one line", async () => {
  const lines = [
    { isSuccess: true, message: "fine", name: "sbom", extensions: { a: [1] } },
    { isSuccess: false, message: "no", errorReason: "why", remediation: "do" },
  ].map((result) => Buffer.from(`info: started\n${JSON.stringify(result)}\n`));
  const bare = lines.map((line) => line.subarray("info: started\n".length));
  const one = mutants([...bare, ...lines], inJson, inBytes);
  const outputs = fc.tuple(
    fc.oneof(
      one,
      fc.tuple(one, one).map((both) => Buffer.concat(both)),
    ),
    fc.constantFrom(undefined, "exited with 1"),
  );
  await fuzz(outputs, async ([stdout, ending]) => {
    const read = await readOrRefused(
      () => answerOf({ stdout, stderr: Buffer.alloc(0), ending }),
      [PluginFailure],
    );
    if (!read) return;
    const said = stdout
      .toString()
      .split("\n")
      .filter((line) => line.trimStart().startsWith("{"));
    expect(said).toHaveLength(1);
    expect(ending).toBeUndefined();
    expect(JSON.parse(said[0] ?? "").isSuccess).toBe(read.isSuccess);
    expect(read.message).toMatch(/^[^\p{Cc}]*$/u);
  });
});
