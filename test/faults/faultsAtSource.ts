import type { Misdeed } from "../registry/misbehaviour";
import { always, html, type Row } from "./fault";

const resumes: Misdeed["when"] = ({ headers }) => "range" in headers;

/** What goes wrong where artifacts come from. */
export const atSource: readonly Row[] = [
  ["cut-blob-at-0", { on: "blob", action: { cutAt: 0 } }, { row: "F01" }],
  ["cut-blob-at-1", { on: "blob", action: { cutAt: 1 } }, { row: "F01" }],
  ["cut-blob-at-1000", { on: "blob", action: { cutAt: 1000 } }, { row: "F01" }],
  [
    "range-ignored",
    { on: "blob", action: { cutAt: 1000, ignoreRange: true }, times: 2 },
    { row: "F02" },
  ],
  [
    "range-wrong",
    [
      {
        on: "blob",
        action: { rewriteHeader: { "content-range": "bytes 0-9/10" } },
        when: resumes,
      },
      { on: "blob", action: { cutAt: 1000 } },
    ],
    { row: "F03" },
  ],
  [
    "no-length",
    {
      on: "blob",
      action: { rewriteHeader: { "content-length": "" } },
      times: always,
    },
    { row: "F04" },
  ],
  [
    "429-with-retry-after",
    { on: "blob", action: { status: 429, headers: { "retry-after": "3" } } },
    { row: "F07" },
  ],
  [
    "429-on-manifest",
    {
      on: "manifest",
      action: { status: 429, headers: { "retry-after": "1" } },
    },
    { row: "F07" },
  ],
  [
    "429-6h",
    {
      on: "manifest",
      action: { status: 429, headers: { "retry-after": "21600" } },
      times: always,
    },
    { row: "F08", code: "RATE_LIMITED" },
  ],
  [
    "500-on-manifest",
    { on: "manifest", action: { status: 500 } },
    { row: "F09" },
  ],
  ["503-on-blob", { on: "blob", action: { status: 503 } }, { row: "F09" }],
  ["502-on-tag", { on: "tag", action: { status: 502 } }, { row: "F09" }],
  [
    "500-always",
    { on: "manifest", action: { status: 500 }, times: always },
    { code: "REGISTRY_UNAVAILABLE" },
  ],
  ["408-on-blob", { on: "blob", action: { status: 408 } }, { row: "F10" }],
  ["499-on-blob", { on: "blob", action: { status: 499 } }, { row: "F10" }],
  [
    "522-on-manifest",
    { on: "manifest", action: { status: 522 } },
    { row: "F10" },
  ],
  ["503-on-referrers", { on: "referrers", action: { status: 503 } }],
  ["503-on-token", { on: "token", action: { status: 503 } }],
  ["reset-before-answer", { on: "manifest", action: { dropResponse: true } }],
  ["cut-manifest", { on: "manifest", action: { cutAt: 100 } }],
  ["truncated-manifest", { on: "manifest", action: { truncate: 100 } }],
  [
    "truncated-blob",
    { on: "blob", action: { truncate: 100 }, times: always },
    { code: "SIZE_MISMATCH" },
  ],
  [
    "wrong-digest-blob",
    { on: "blob", action: { flipBit: 50 }, times: always },
    { code: "DIGEST_MISMATCH" },
  ],
  [
    "wrong-digest-manifest",
    { on: "manifest", action: { flipBit: 50 }, times: always },
    { code: "DIGEST_MISMATCH" },
  ],
  [
    "head-no-digest",
    {
      on: "tag",
      action: { rewriteHeader: { "docker-content-digest": undefined } },
      times: always,
    },
    { row: "F35" },
  ],
  [
    "html-200",
    { on: "manifest", action: { status: 200, ...html }, times: always },
    { code: "PROTOCOL" },
  ],
  [
    "gzip-body",
    {
      on: "blob",
      action: { rewriteHeader: { "content-encoding": "gzip" } },
      times: always,
    },
    { code: "PROTOCOL" },
  ],
  [
    "link-foreign",
    {
      on: "referrers",
      action: {
        rewriteHeader: { link: '<https://attacker.test/v2/x>; rel="next"' },
      },
      times: always,
    },
    { code: "PROTOCOL" },
  ],
  [
    "goaway-blob",
    { on: "blob", action: { goaway: true }, times: always },
    { row: "F12" },
  ],
  ["slow-first-byte", { on: "manifest", action: { delayMs: 20_000 } }],
];
