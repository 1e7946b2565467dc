import {
  patient,
  retryAfterMs,
  retrying,
} from "../../../provider/stores/registry/pace/retry";
import { noAnswer } from "../../../provider/stores/registry/wire/noAnswer";
import { fakeClock } from "./opened";
import { scripted, type Reply } from "./script";

const url = new URL("https://reg.example/v2/a/manifests/1");
const now = (): Date => new Date("2026-01-01T00:00:00Z");

function failing(code: string): Error {
  return noAnswer(Object.assign(new Error(code), { code }), "reg.example");
}

async function ask(
  answer: (nth: number) => Reply | Error,
  body?: AsyncIterable<Uint8Array>,
): Promise<{
  outcome: unknown;
  requests: number;
  waits: readonly number[];
  open: number;
}> {
  const script = scripted((_, nth) => answer(nth));
  const clock = fakeClock();
  const send = retrying(script.send, { clock, patience: patient, now });
  const request = {
    method: "GET" as const,
    url,
    headers: {},
    ...(body === undefined ? {} : { body }),
  };
  const outcome = await send(request, new AbortController().signal).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  return {
    outcome,
    requests: script.requests.length,
    waits: clock.waits,
    open: script.open(),
  };
}

test.each([408, 425, 429, 499, 500, 502, 503, 504, 522])(
  "W144: %i is asked again",
  async (status) => {
    await expect(
      ask((nth) => ({ status: nth < 3 ? status : 200 })),
    ).resolves.toMatchObject({ outcome: 200, requests: 3 });
  },
);

test.each([
  400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 416, 451, 501, 505, 507,
])("W144: %i is not asked again", async (status) => {
  await expect(ask(() => ({ status }))).resolves.toMatchObject({
    outcome: status,
    requests: 1,
  });
});

test("W144: six tries and no more, with growing waits", async () => {
  await expect(ask(() => ({ status: 500 }))).resolves.toMatchObject({
    outcome: 500,
    requests: 6,
    waits: [500, 1000, 2000, 4000, 8000],
  });
});

test("W16: answers of failed tries are let go", async () => {
  await expect(
    ask((nth) => ({ status: nth < 6 ? 503 : 200 })),
  ).resolves.toMatchObject({ open: 1 });
});

test.each([
  "ECONNRESET",
  "EPIPE",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
])("W144: %s is asked again", async (code) => {
  await expect(
    ask((nth) => (nth < 3 ? failing(code) : { status: 200 })),
  ).resolves.toMatchObject({ outcome: 200, requests: 3 });
});

test("W144: a name that does not resolve gets two tries", async () => {
  await expect(ask(() => failing("ENOTFOUND"))).resolves.toMatchObject({
    outcome: { code: "NETWORK" },
    requests: 2,
  });
});

test.each([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
])("W144: TLS failure %s is not asked again", async (code) => {
  await expect(ask(() => failing(code))).resolves.toMatchObject({
    outcome: { code: "TLS" },
    requests: 1,
  });
});

test.each(["HPE_INVALID_CONSTANT", "UND_ERR_HEADERS_OVERFLOW"])(
  "W144: %s is a broken server, and not asked again",
  async (code) => {
    await expect(ask(() => failing(code))).resolves.toMatchObject({
      outcome: { code: "PROTOCOL" },
      requests: 1,
    });
  },
);

test("W144: an error that is no missing answer is not repeated", async () => {
  const bug = new Error("a bug of ours");
  await expect(ask(() => bug)).resolves.toMatchObject({
    outcome: bug,
    requests: 1,
  });
});

test("F10, F11: what fails differently each time is still six tries in all", async () => {
  const failures: readonly (Reply | Error)[] = [
    { status: 499 },
    failing("ECONNRESET"),
    { status: 408 },
    { status: 522 },
    failing("EPIPE"),
    { status: 503 },
  ];
  await expect(
    ask((nth) => failures[nth - 1] ?? { status: 200 }),
  ).resolves.toMatchObject({ outcome: 503, requests: 6 });
});

test("a body that can be read once only is not sent again", async () => {
  const body = (async function* () {
    yield Buffer.from("x");
  })();
  await expect(ask(() => ({ status: 500 }), body)).resolves.toMatchObject({
    outcome: 500,
    requests: 1,
  });
});

test.each([
  ["2", [2250]],
  ["Thu, 01 Jan 2026 00:00:03 GMT", [3250]],
  ["Thu, 01 Jan 2015 00:00:00 GMT", [250]],
  ["soon", [500]],
])("W140: Retry-After %s is respected", async (after, waits) => {
  await expect(
    ask((nth) =>
      nth === 1
        ? { status: 429, headers: { "retry-after": after } }
        : { status: 200 },
    ),
  ).resolves.toMatchObject({ outcome: 200, waits });
});

test("W140: a Retry-After beyond the budget fails at once", async () => {
  await expect(
    ask(() => ({ status: 429, headers: { "retry-after": "21600" } })),
  ).resolves.toMatchObject({
    outcome: 429,
    requests: 1,
    waits: [],
  });
});

test.each(["", "-1", "1.5", "1e3", "2026-01-01"])(
  "W140: %j is no Retry-After",
  (text) => {
    expect(retryAfterMs(text, now())).toBeUndefined();
  },
);

test("a cancelled wait is a cancelled call", async () => {
  const stop = new AbortController();
  const script = scripted(() => {
    stop.abort();
    return { status: 500 };
  });
  const send = retrying(script.send, {
    clock: fakeClock(),
    patience: patient,
    now,
  });
  await expect(
    send({ method: "GET", url, headers: {} }, stop.signal),
  ).rejects.toMatchObject({
    fault: "cancelled",
    code: "CANCELLED",
  });
});
