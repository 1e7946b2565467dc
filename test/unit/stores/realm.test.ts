import { challengedBy, leaks, origin, world } from "./gateWorld";
import { mirrorUser } from "./opened";
import type { Reply } from "./script";

describe("§3.2: which token server may see a credential", () => {
  test.each([
    ["N02", "https://attacker.test/token"],
    ["N03", "http://reg.example/token"],
    ["N04", "https://169.254.169.254/token"],
    ["N05", "https://0.0.0.0:99/token"],
    ["N05", "https://[::]/token"],
    ["N05", "https://[::ffff:127.0.0.1]/token"],
    ["N05", "https://0x7f000001/token"],
    ["N05", "https://localhost/token"],
    ["another port", "https://reg.example:444/token"],
    ["a user name", "https://x@reg.example/token"],
  ])("T38, %s: %s is refused, and sees nothing", async (_, realm) => {
    const { ask, script } = world({
      credential: mirrorUser,
      answer: challengedBy(realm),
    });
    await expect(ask()).rejects.toMatchObject({
      code: "AUTH_REALM_UNTRUSTED",
      fault: "denied",
    });
    expect(script.requests).toHaveLength(1);
  });

  test.each([
    "https://169.254.169.254/token",
    "http://attacker.test/token",
    "https://[::1]/token",
  ])("%s is not asked even without a credential", async (realm) => {
    const { ask, script } = world({ answer: challengedBy(realm) });
    await expect(ask()).rejects.toMatchObject({ code: "AUTH_REALM_UNTRUSTED" });
    expect(script.requests).toHaveLength(1);
  });

  test("without a credential any https realm will do", async () => {
    const { ask, script } = world({
      answer: challengedBy("https://auth.elsewhere.test/token"),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(script.requests[1]).toMatchObject({
      headers: {},
      ledBy: new URL(origin),
    });
  });

  test("a trusted realm sees the credential", async () => {
    const { ask, tokens } = world({
      credential: mirrorUser,
      trustedRealms: ["auth.example"],
      answer: challengedBy("https://auth.example/token"),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens()[0]?.headers["authorization"]).toBe(
      `Basic ${btoa("mirror:secret")}`,
    );
  });

  test("Docker Hub's token server is known", async () => {
    const hub = "https://registry-1.docker.io";
    const { ask, tokens } = world({
      origin: hub,
      credential: mirrorUser,
      answer: ({ url, headers }) =>
        url.origin === hub && headers["authorization"] === undefined
          ? {
              status: 401,
              headers: {
                "www-authenticate":
                  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
              },
            }
          : undefined,
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens()[0]?.url.host).toBe("auth.docker.io");
  });

  test("N06: a token server that redirects to another host is refused, 0 leaks", async () => {
    const { ask, script } = world({
      credential: mirrorUser,
      token: () => ({
        status: 307,
        headers: { location: "https://attacker.test/token" },
      }),
    });
    await expect(ask()).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
    expect(leaks(script)).toEqual([]);
    expect(script.requests).toHaveLength(2);
  });
});

describe("redirects see no credential", () => {
  test.each(["https://reg.example:444/blob", "https://cdn.example/blob"])(
    "T38, N08, W131: %s gets the request without one",
    async (target) => {
      const { ask, script } = world({
        credential: mirrorUser,
        answer: ({ url, headers }) => {
          if (url.href === target) return { status: 200 };
          return headers["authorization"] === "Bearer token-1"
            ? { status: 307, headers: { location: target } }
            : undefined;
        },
      });
      await expect(ask()).resolves.toMatchObject({ status: 200 });
      expect(script.requests.at(-1)).toMatchObject({
        headers: {},
        ledBy: new URL(origin),
      });
      expect(leaks(script)).toEqual([]);
    },
  );

  test("W131: the credential is not added again when a later hop returns home", async () => {
    const { ask, script } = world({
      credential: mirrorUser,
      answer: ({ url, headers }) => {
        if (url.host === "cdn.example")
          return { status: 307, headers: { location: `${origin}/back` } };
        if (url.pathname === "/back") return { status: 200 };
        return headers["authorization"] === "Bearer token-1"
          ? { status: 307, headers: { location: "https://cdn.example/x" } }
          : undefined;
      },
    });
    await ask();
    expect(script.requests.at(-1)?.url.pathname).toBe("/back");
    expect(script.requests.at(-1)?.headers["authorization"]).toBeUndefined();
  });

  test("N09, W133: a redirect target that wants a login gets none, and no token is asked for", async () => {
    const { ask, script, tokens } = world({
      credential: mirrorUser,
      answer: ({ url, headers }): Reply | undefined => {
        if (url.host === "cdn.example")
          return {
            status: 401,
            headers: {
              "www-authenticate": 'Bearer realm="https://cdn.example/token"',
            },
          };
        return headers["authorization"] === "Bearer token-1"
          ? { status: 307, headers: { location: "https://cdn.example/x" } }
          : undefined;
      },
    });
    await expect(ask()).rejects.toMatchObject({ code: "AUTH_DENIED" });
    expect(tokens()).toHaveLength(1);
    expect(leaks(script)).toEqual([]);
  });
});
