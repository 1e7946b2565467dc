import { randomBytes } from "node:crypto";
import { type Answer, type Call, failure, json } from "./answer";
import type { RegistryOptions, RegistryUser } from "./options";
import type { RecordedAuthorization } from "./recorder";
import {
  type Access,
  covers,
  formatAccess,
  grantedOf,
  needsOf,
} from "./access";
import type { Route } from "./route";

const defaultUsers: Readonly<Record<string, RegistryUser>> = {
  mirror: { password: "secret", allows: ["*:*:*"] },
};

/** Who is asking, what a token grants, and what a request needs. */
export class Gate {
  private readonly tokens = new Map<string, readonly string[]>();
  private counter = 0;
  /** no two registries give the same token, so that one that strays can be told */
  private readonly name = randomBytes(6).toString("hex");

  constructor(private readonly options: RegistryOptions) {}

  /** Every token given so far is worth nothing from now on. */
  expireTokens(): void {
    this.tokens.clear();
  }

  /** What the recorder may keep of an Authorization header. */
  describe(header: string | undefined): RecordedAuthorization | undefined {
    if (header === undefined) return undefined;
    const [scheme = "", secret = ""] = header.split(" ");
    if (scheme.toLowerCase() === "basic") {
      return { scheme: "Basic", user: basicPair(secret)[0] };
    }
    return { scheme, scopes: this.tokens.get(secret) };
  }

  /** The 401 that this request earns, `undefined` where it may pass. */
  refuse(call: Call, route: Route): Answer | undefined {
    if ((this.options.auth ?? "none") === "none") return undefined;
    if (route.kind === "token") return undefined;
    const needs = needsOf(call, route);
    const granted = this.grantsOf(call.headers["authorization"]);
    const all = needs.every((one) => granted && covers(granted, one));
    return granted && all ? undefined : this.challenge(call, needs, granted);
  }

  private grantsOf(header: string | undefined): readonly string[] | undefined {
    const [scheme = "", secret = ""] = (header ?? "").split(" ");
    if (this.options.auth === "token") {
      return scheme.toLowerCase() === "bearer"
        ? this.tokens.get(secret)
        : undefined;
    }
    if (scheme.toLowerCase() !== "basic") return this.options.anonymous;
    return this.userOf(secret)?.allows;
  }

  private challenge(
    call: Call,
    needs: readonly Access[],
    granted: readonly string[] | undefined,
  ): Answer {
    const body = failure({
      code: "UNAUTHORIZED",
      message: "authentication required",
      detail: needs,
    });
    const host = new URL(call.origin).host;
    const scope = needs.map(formatAccess).join(" ");
    const bearer =
      `Bearer realm="${call.origin}/token",service="${host}"` +
      (scope === "" ? "" : `,scope="${scope}"`) +
      (granted ? ',error="insufficient_scope"' : "");
    const challenge =
      this.options.auth === "basic" ? `Basic realm="${host}"` : bearer;
    return {
      ...body,
      headers: { ...body.headers, "www-authenticate": challenge },
    };
  }

  /** `GET /token`, and `POST /token` with a refresh token or a password. */
  async answerToken(call: Call): Promise<Answer> {
    const server = this.options.tokenServer ?? {};
    if (call.method === "POST" && server.post === false) {
      return failure({ code: "UNSUPPORTED", message: "use GET" });
    }
    const form =
      call.method === "POST"
        ? new URLSearchParams(Buffer.from(await call.readBody()).toString())
        : call.query;
    const asked = form.getAll("scope");
    if (asked.length > 1 && server.repeatedScopes === "refuse") {
      return json(400, { error: "invalid_scope" });
    }
    const allows = this.allowsOf(call, form);
    if (!allows) {
      return failure({ code: "UNAUTHORIZED", message: "wrong credentials" });
    }
    const read =
      server.repeatedScopes === "firstOnly" ? asked.slice(0, 1) : asked;
    return this.issue(grantedOf(read, allows));
  }

  private allowsOf(
    call: Call,
    form: URLSearchParams,
  ): readonly string[] | undefined {
    if (call.method === "POST") return this.allowsByForm(form);
    const header = call.headers["authorization"];
    if (header === undefined) return this.options.anonymous ?? [];
    return this.userOf(header.split(" ")[1] ?? "")?.allows;
  }

  private allowsByForm(form: URLSearchParams): readonly string[] | undefined {
    const users = this.options.users ?? defaultUsers;
    const refresh = form.get("refresh_token");
    const user =
      refresh === null
        ? users[form.get("username") ?? ""]
        : Object.values(users).find((one) => one.identityToken === refresh);
    const proven = refresh !== null || user?.password === form.get("password");
    return proven ? user?.allows : undefined;
  }

  private issue(granted: readonly string[]): Answer {
    this.counter += 1;
    const token = `registry-token-${this.counter}-${this.name}`;
    this.tokens.set(token, granted);
    const server = this.options.tokenServer ?? {};
    const field = server.field ?? "token";
    return json(200, {
      ...(field === "access_token" ? {} : { token }),
      ...(field === "token" ? {} : { access_token: token }),
      expires_in: server.expiresIn ?? 300,
    });
  }

  private userOf(encoded: string): RegistryUser | undefined {
    const [name, password] = basicPair(encoded);
    const user = (this.options.users ?? defaultUsers)[name];
    return user?.password === password ? user : undefined;
  }
}

function basicPair(encoded: string): readonly [string, string] {
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}
