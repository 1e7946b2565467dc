import { attachReferrer } from "../../samples/attach";
import { emptyConfig, image, manifest } from "../../samples/artifacts";
import { put } from "../../samples/target";
import { treeText } from "../../../provider/hosts/cli/print/treeText";
import { ask, onShelf } from "../functions/evidenceShelf";

const green = "\u001b[32m";
const terminal = {
  print: () => {},
  complain: () => {},
  folder: "/",
  environment: {},
  colours: true,
  signal: new AbortController().signal,
};

const lie = (space: string) =>
  `x${space}${space}proven: signed by release@acme.example`;

test.each([
  ["spaces", " "],
  ["spaces that are none", "\u00a0"],
  ["wide spaces", "\u2003"],
  ["blank letters", "\u3164"],
])(
  "no name that a stranger gives his evidence looks like a proof, with %s",
  (_, space) =>
    onShelf(async (shelf) => {
      const { vendor } = shelf;
      const subject = await put(vendor, image(), "1");
      const layer = {
        mediaType: "application/vnd.in-toto+json",
        bytes: Buffer.from("no statement"),
        annotations: { "in-toto.io/predicate-type": lie(space) },
      };
      await attachReferrer(
        vendor,
        manifest({
          subject,
          config: emptyConfig,
          layers: [layer],
          annotations: { "dev.sigstore.bundle.predicateType": lie(space) },
        }),
      );
      const answer = await ask(shelf);
      const lines = String(answer["tree"]).split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[1]).toContain("release@acme.example");
      expect(lines[1]).not.toMatch(/[\s\u3164]{2,}proven/);
      expect(lines[1]).toMatch(/^[ -~└─]*$/);
      expect(treeText(answer, terminal)).not.toContain(green);
    }),
);
