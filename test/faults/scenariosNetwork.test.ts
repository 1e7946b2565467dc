import type { LookupAddress } from "node:dns";
import type { NetworkOptions } from "../../provider/stores/registry/wire/send";
import { selfSigned } from "../registry/certificate";
import { broken, endOf } from "./invariants";
import { destinationName, useStages, type StageOptions } from "./stage";

const set = useStages();
const here: LookupAddress = { address: "127.0.0.1", family: 4 };
const deadIpv6: LookupAddress = { address: "::1", family: 6 };

/** Names as a test wants them: addresses, or the code of an error; the last answer stays. */
function naming(...answers: readonly (string | readonly LookupAddress[])[]): {
  readonly resolve: NonNullable<NetworkOptions["resolve"]>;
  asked(): number;
} {
  let asked = 0;
  const resolve = (
    name: string,
    _: unknown,
    callback: (error: Error | null, found: unknown) => void,
  ) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? "ENOTFOUND";
    asked += 1;
    if (typeof answer !== "string") return callback(null, answer);
    const error = new Error(`getaddrinfo ${answer} ${name}`);
    callback(Object.assign(error, { code: answer }), []);
  };
  return { resolve: resolve as never, asked: () => asked };
}

const unnamed = { from: { auth: "none" }, fromName: "source.test" } as const;

describe("dns-failure", () => {
  test("EAI_AGAIN once: asked again", async () => {
    const { resolve, asked } = naming("EAI_AGAIN", [here]);
    const stage = await set({ ...unnamed, network: { resolve } });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(asked()).toBeGreaterThanOrEqual(2);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("ENOTFOUND: two tries, and an end within five seconds", async () => {
    const { resolve, asked } = naming("ENOTFOUND");
    const stage = await set({ ...unnamed, network: { resolve } });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("NETWORK");
    expect(String(outcome.error)).toContain("source.test");
    expect(asked()).toBeLessThanOrEqual(2);
    expect(outcome.tookMs).toBeLessThanOrEqual(5000);
    expect(stage.to.proxy.journal).toEqual([]);
  });

  test("IPv6 dead and IPv4 alive: the one that lives is used", async () => {
    const { resolve } = naming([deadIpv6, here]);
    const stage = await set({ ...unnamed, network: { resolve } });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(outcome.tookMs).toBe(0);
    expect(broken(stage, outcome)).toEqual([]);
  });
});

describe("tls-failure (N19): TLS, no second try, and never in clear", () => {
  const good = selfSigned();
  const expired = selfSigned(-2);
  const trusting: StageOptions["settings"] = (from, to) => [
    { host: from.proxy.host, plainHttp: true },
    { host: to.proxy.host, caPem: to.proxy.caPem ?? "" },
    {
      host: to.proxy.host.replace("127.0.0.1", "wrong.test"),
      caPem: to.proxy.caPem ?? "",
    },
  ];
  const unsuspecting: StageOptions["settings"] = (from) => [
    { host: from.proxy.host, plainHttp: true },
  ];
  const { resolve } = naming([here]);

  test.each<readonly [string, StageOptions]>([
    ["expired", { toProxy: { tls: expired }, settings: trusting }],
    [
      "of another name",
      {
        toProxy: { tls: good },
        settings: trusting,
        toName: "wrong.test",
        network: { resolve },
      },
    ],
    [
      "by an unknown authority",
      { toProxy: { tls: good }, settings: unsuspecting },
    ],
    [
      "of an old version",
      {
        toProxy: {
          tls: {
            ...good,
            minVersion: "TLSv1",
            maxVersion: "TLSv1.1",
            ciphers: "DEFAULT@SECLEVEL=0",
          },
        },
        settings: trusting,
      },
    ],
    ["none at all, in clear", { settings: unsuspecting }],
  ])("a certificate %s", async (_, options) => {
    const stage = await set(options);
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("TLS");
    expect(stage.to.proxy.journal).toEqual([]);
    expect(stage.clock.waits).toEqual([]);
    expect(stage.to.registry.tags(destinationName)).toEqual([]);
  });

  test("with the right one, all goes well", async () => {
    const stage = await set({ toProxy: { tls: good }, settings: trusting });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("copied");
    expect(broken(stage, outcome)).toEqual([]);
  });
});
