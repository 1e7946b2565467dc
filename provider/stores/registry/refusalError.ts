import { MirrorError, type Code, type Fault } from "../../mirror/errors";
import { judgeDenied } from "./login/describe";
import { absence, type Refusal } from "./wire/refusal";
import type { Asked } from "./wire/wireError";

/** Turns a refusal into the error that says it. */
export function refusalError(refusal: Refusal, asked: Asked): MirrorError {
  return new MirrorError({ ...asked, ...judge(refusal, asked) });
}

interface Judgement {
  readonly fault: Fault;
  readonly code: Code;
  readonly why: string;
  readonly remedy: string;
}

function judge(refusal: Refusal, asked: Asked): Judgement {
  const { status, words: why } = refusal;
  if (isQuota(refusal))
    return {
      fault: "exceeded",
      code: "QUOTA",
      why,
      remedy: "make room at the registry, or have its quota raised",
    };
  if (status === 401 || status === 403) return denied(refusal, asked);
  if (status === 404) return notFound(refusal, asked);
  if (isImmutable(refusal)) {
    return {
      fault: "conflict",
      code: "TAG_IMMUTABLE",
      why,
      remedy: "choose another tag, or allow this one to move at the registry",
    };
  }
  if (status === 429) return rateLimited(refusal, asked);
  if (status === 413)
    return {
      fault: "exceeded",
      code: "LIMIT_EXCEEDED",
      why,
      remedy: "raise the body limit of the registry or of the proxy before it",
    };
  if (status >= 500)
    return {
      fault: "unreachable",
      code: "REGISTRY_UNAVAILABLE",
      why,
      remedy: "try again later, or look into the registry's own log",
    };
  if (status === 405)
    return {
      fault: "unsupported",
      code: "UNSUPPORTED",
      why,
      remedy:
        "check that it may be written to: it may be read-only, or offer this in its own tools alone",
    };
  return {
    fault: "corrupt",
    code: "PROTOCOL",
    why,
    remedy: "check the reference, and the registry's own log",
  };
}

function denied(refusal: Refusal, asked: Asked): Judgement {
  return {
    fault: "denied",
    why: `${refusal.words}, asked ${asked.as ?? "anonymously"}`,
    ...judgeDenied(refusal.status, asked),
  };
}

function notFound(refusal: Refusal, { where }: Asked): Judgement {
  const code = absence(refusal);
  const why = refusal.words;
  if (code === undefined) {
    return {
      fault: "unreachable",
      code: "PROTOCOL",
      why: `${why}, which does not prove that it is absent`,
      remedy: "check the host and any proxy before it",
    };
  }
  if (code !== "NOT_FOUND_REPO")
    return { fault: "absent", code, why, remedy: "check the reference" };
  const remedy =
    where.side === "source"
      ? "check its name, and who may read it"
      : "create the repository, or check its name";
  return { fault: "absent", code, why, remedy };
}

/** Docker Hub's 429 about pulls names the limit and a way out of it; the one about abuse is two plain words (W142). */
function rateLimited(refusal: Refusal, asked: Asked): Judgement {
  const at = asked.retryAt;
  const after = refusal.retryAfter?.slice(0, 40);
  const again = at
    ? `, to be asked again at ${at.toISOString()}`
    : after === undefined
      ? ""
      : `, to be asked again ${/^\d+$/.test(after) ? `after ${after} s` : `at ${after}`}`;
  return {
    fault: "unreachable",
    code: "RATE_LIMITED",
    why: `${refusal.words}${again}`,
    remedy: /pull rate limit|increase-rate-limit/i.test(refusal.words)
      ? "log in for a higher limit, or wait until the limit on pulls counts anew"
      : "wait, ask for fewer artifacts at once, or log in for a higher limit",
  };
}

function isImmutable(refusal: Refusal): boolean {
  if (refusal.status === 409 || refusal.status === 412) return true;
  return (
    refusal.status === 400 &&
    /immutab|cannot be overwritten/i.test(refusal.words)
  );
}

function isQuota(refusal: Refusal): boolean {
  const { status, words } = refusal;
  if (status === 507) return true; // Insufficient Storage
  return (
    [403, 413, 500].includes(status) &&
    /quota|no space left|disk full/i.test(words)
  );
}
