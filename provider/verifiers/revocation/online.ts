import type { Reach } from "../../mirror/ports";
import { textOf } from "../../mirror/textOf";
import { fingerprintOf } from "../x509/certificate";
import { Answers, type Learnt } from "./answers";
import { ask } from "./ask";
import { requireListOf, statusByLists, type Lists } from "./listStatus";
import { ocspRequest, type Subject } from "./ocspRequest";
import { readOcspResponse } from "./ocspResponse";
import { readRevocationList, type RevocationList } from "./revocationList";
import { crlPointsOf, deltaUrlsOf, ocspUrlsOf } from "./sources";
import { NoStatus, type Answer, type Status } from "./status";

const ocspLimits = { timeoutMs: 2000, maxBytes: 20 * 1024 };
const listLimits = { timeoutMs: 5000, maxBytes: 32 * 1024 * 1024 };

/** What responders have answered. */
const statuses = new Answers<Status>(1024 * 1024);
/** Lists that were fetched, for every certificate under them. */
const lists = new Answers<RevocationList>(64 * 1024 * 1024);

/** A question on its way: why earlier answers did not count is kept for the message. */
interface Asking {
  readonly subject: Subject;
  readonly reach: Reach;
  readonly reasons: string[];
}

/** A certificate's status by OCSP, else by its lists, or undefined where it names neither. Throws `NoStatus` with every reason. */
export async function statusOnline(
  subject: Subject,
  reach: Reach,
): Promise<Status | undefined> {
  const asking: Asking = { subject, reach, reasons: [] };
  const responders = ocspUrlsOf(subject.certificate);
  const points = crlPointsOf(subject.certificate);
  if (responders.length === 0 && points.length === 0) return undefined;
  const status = await firstOf(responders, statusByOcsp, asking);
  if (status && status.kind !== "unheard") return status;
  if (status) {
    asking.reasons.push("the OCSP responder does not know the certificate");
  }
  const listed = points.length > 0 && (await statusAtPoints(points, asking));
  if (listed) return listed;
  throw new NoStatus(asking.reasons.join("; "));
}

/** All points together: each may list other certificates. */
async function statusAtPoints(
  points: readonly (readonly string[])[],
  asking: Asking,
): Promise<Status | undefined> {
  for (const point of points) {
    const status = await firstOf(point, statusByUrl, asking);
    if (status?.kind !== "good") return status;
  }
  return { kind: "good" };
}

/** The first answer that any of the URLs gives. */
async function firstOf(
  urls: readonly string[],
  learn: (url: string, asking: Asking) => Promise<Status>,
  asking: Asking,
): Promise<Status | undefined> {
  for (const url of urls) {
    try {
      return await learn(url, asking);
    } catch (thrown) {
      if (asking.reach.signal.aborted) throw thrown;
      asking.reasons.push(textOf(thrown));
    }
  }
  return undefined;
}

function statusByOcsp(
  url: string,
  { subject, reach }: Asking,
): Promise<Status> {
  const { certificate, issuer } = subject;
  const key = `${url} ${fingerprintOf(issuer)} ${certificate.serial}`;
  return statuses.get(key, reach, async () => {
    const bytes = await ask(
      {
        method: "POST",
        url,
        headers: {
          "content-type": "application/ocsp-request",
          accept: "application/ocsp-response",
        },
        body: ocspRequest(subject),
      },
      ocspLimits,
      reach,
    );
    const answer = readOcspResponse(bytes, subject, reach.now());
    return learntFrom(answer, key);
  });
}

function learntFrom({ status, until }: Answer, key: string): Learnt<Status> {
  return { value: status, until, bytes: key.length + 200 };
}

async function statusByUrl(
  url: string,
  { subject, reach }: Asking,
): Promise<Status> {
  const base = await fetchList(url, subject, reach);
  const delta = await deltaOf(base, subject, reach);
  return statusByLists({ base, delta }, subject, reach.now()).status;
}

async function deltaOf(
  base: RevocationList,
  subject: Subject,
  reach: Reach,
): Promise<Lists["delta"]> {
  const named = [...deltaUrlsOf(base), ...deltaUrlsOf(subject.certificate)];
  let last: unknown;
  for (const url of named) {
    try {
      return await fetchList(url, subject, reach);
    } catch (thrown) {
      if (reach.signal.aborted) throw thrown;
      last = thrown;
    }
  }
  if (last === undefined) return undefined;
  throw new NoStatus(textOf(last), { cause: last });
}

/** A list that holds now and is the issuer's; only such a one is kept. */
function fetchList(
  url: string,
  { issuer }: Subject,
  reach: Reach,
): Promise<RevocationList> {
  return lists.get(`${url} ${fingerprintOf(issuer)}`, reach, async () => {
    const wish = {
      method: "GET" as const,
      url,
      headers: { accept: "application/pkix-crl" },
    };
    const bytes = await ask(wish, listLimits, reach);
    const list = readRevocationList(bytes);
    requireListOf(list, issuer, reach.now());
    return {
      value: list,
      until: list.until ?? reach.now(),
      bytes: bytes.length,
    };
  });
}
