import { always, html, says, type Row } from "./fault";

/** What goes wrong where they go. */
export const atDestination: readonly Row[] = [
  [
    "cut-upload-at-0",
    { on: "upload", action: { cutUploadAt: 0 } },
    { row: "F11" },
  ],
  [
    "cut-upload-at-1",
    { on: "upload", action: { cutUploadAt: 1 } },
    { row: "F11" },
  ],
  [
    "reset-upload",
    { on: "upload", action: { cutUploadAt: 1000 }, times: 2 },
    { row: "F11" },
  ],
  ["500-on-begin", { on: "begin", action: { status: 500 } }, { row: "F09" }],
  [
    "500-on-upload",
    { on: "upload", action: { status: 500 }, times: 2 },
    { row: "F09" },
  ],
  ["503-on-child", { on: "putChild", action: { status: 503 } }, { row: "F09" }],
  ["503-on-tag", { on: "putTag", action: { status: 503 } }, { row: "F09" }],
  [
    "429-on-begin",
    { on: "begin", action: { status: 429, headers: { "retry-after": "2" } } },
    { row: "F07" },
  ],
  [
    "429-on-upload",
    { on: "upload", action: { status: 429, headers: { "retry-after": "2" } } },
    { row: "F07" },
  ],
  [
    "lost-response",
    { on: "upload", action: { dropResponse: true } },
    { row: "F24" },
  ],
  ["lost-child-response", { on: "putChild", action: { dropResponse: true } }],
  ["lost-tag-response", { on: "putTag", action: { dropResponse: true } }],
  [
    "early-401",
    {
      on: "upload",
      action: { status: 401, statusAfter: 10, ...says("UNAUTHORIZED") },
    },
    { row: "F13" },
  ],
  [
    "lost-session",
    { on: "upload", action: { status: 404, ...says("BLOB_UPLOAD_UNKNOWN") } },
    { row: "F23" },
  ],
  ["drop-body", { on: "upload", action: { dropBody: true } }, { row: "F32" }],
  [
    "eventual",
    { on: "putChild", action: { delayVisibility: 2 }, times: always },
    { row: "F33" },
  ],
  [
    "eventual-tag",
    { on: "putTag", action: { delayVisibility: 2 } },
    { row: "F33" },
  ],
  ["lost-blob", { on: "upload", action: { forget: true } }, { row: "F33" }],
  ["lost-child", { on: "putChild", action: { forget: true } }, { row: "F34" }],
  [
    "413-html",
    { on: "upload", action: { status: 413, ...html } },
    { row: "F29" },
  ],
  [
    "quota",
    { on: "begin", action: { status: 403, ...says("DENIED") }, times: always },
    { row: "F53", code: "AUTH_DENIED" },
  ],
  [
    "no-repo",
    {
      on: "begin",
      action: { status: 404, ...says("NAME_UNKNOWN") },
      times: always,
    },
    { row: "F51", code: "NOT_FOUND_REPO" },
  ],
  [
    "immutable",
    {
      on: "putTag",
      action: { status: 412, ...says("PRECONDITION") },
      times: always,
    },
    { row: "F52", code: "TAG_IMMUTABLE" },
  ],
  [
    "location-foreign",
    {
      on: "begin",
      action: { rewriteHeader: { location: "https://attacker.test/upload" } },
      times: always,
    },
    { code: "PROTOCOL" },
  ],
  [
    "goaway-upload",
    { on: "upload", action: { goaway: true }, times: always },
    { row: "F12" },
  ],
  ["503-on-token-for-writing", { on: "token", action: { status: 503 } }],
];
