import type { NotationForm } from "../../samples/notation";
import type { NotationEvidence } from "./notationEvidence";

const jws: readonly NotationForm[] = ["jws"];
const cose: readonly NotationForm[] = ["cose"];

/** What is wrong with what is signed, and how it is written. */
export const notationContents: readonly NotationEvidence[] = [
  {
    name: "another digest",
    wish: { target: { digest: `sha256:${"0".repeat(64)}` } },
  },
  { name: "another size", wish: { target: { size: 1 } } },
  { name: "another media type", wish: { target: { mediaType: "text/plain" } } },
  {
    name: "annotated target",
    wish: { target: { annotations: { build: "7" } } },
  },
  {
    name: "target says more",
    wish: { target: { urls: ["https://x.example"] } },
  },
  { name: "payload is no JSON", wish: { payload: Buffer.from("{") } },
  { name: "payload without a target", wish: { payload: Buffer.from("{}") } },
  { name: "payload of another type", wish: { contentType: "text/plain" } },
  {
    name: "algorithm of another key",
    wish: { algorithm: "PS256" },
    forms: jws,
  },
  { name: "algorithm none", wish: { algorithm: "none" }, forms: jws },
  { name: "algorithm HS256", wish: { algorithm: "HS256" }, forms: jws },
  { name: "algorithm of another curve", wish: { algorithm: -35 }, forms: cose },
  { name: "nothing critical", wish: { critical: [] } },
  {
    name: "critical, but absent",
    wish: { critical: ["io.cncf.notary.signingScheme", "absent"] },
  },
  {
    name: "scheme is not critical",
    wish: { critical: ["io.cncf.notary.signingTime"] },
  },
  {
    name: "unknown and critical",
    wish: { attributes: { "!com.example.unknown": "x" } },
  },
  {
    name: "unknown, not critical",
    wish: { attributes: { "com.example.unknown": "x" } },
  },
  {
    name: "wants a plugin",
    wish: {
      attributes: { "!io.cncf.notary.verificationPlugin": "com.example" },
    },
  },
  {
    name: "unknown scheme",
    wish: {
      without: ["io.cncf.notary.signingScheme"],
      attributes: { "!io.cncf.notary.signingScheme": "notary.x510" },
    },
  },
  { name: "unsigned header says more", wish: { unsigned: { more: "x" } } },
  {
    name: "a flipped bit at the end",
    spoil: (bytes) => flipped(bytes, bytes.length - 20),
  },
  {
    name: "a flipped bit in the middle",
    spoil: (bytes) => flipped(bytes, bytes.length >> 1),
  },
  {
    name: "a flipped bit at the beginning",
    spoil: (bytes) => flipped(bytes, 40),
  },
  {
    name: "bytes behind it",
    spoil: (bytes) => Buffer.concat([bytes, Buffer.from("x")]),
  },
  {
    name: "white space behind it",
    forms: jws,
    spoil: (bytes) => Buffer.concat([bytes, Buffer.from("\n")]),
  },
  { name: "without its last byte", spoil: (bytes) => bytes.subarray(0, -1) },
  { name: "no tag", forms: cose, spoil: (bytes) => bytes.subarray(1) },
  { name: "empty", spoil: () => Buffer.alloc(0) },
  {
    name: "a member twice",
    forms: jws,
    spoil: replaced('{"payload":', '{"payload":"e30","payload":'),
  },
  {
    name: "a member in capitals",
    forms: jws,
    spoil: replaced('"payload":', '"Payload":'),
  },
];

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function replaced(from: string, to: string) {
  return (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString("utf8").replace(from, to));
}
