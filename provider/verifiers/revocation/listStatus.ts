import { contextTag, membersOf, readDer } from "../x509/asn1";
import type { Certificate } from "../x509/certificate";
import { basicConstraintsOf, keyUsageOf } from "../x509/extensions";
import { booleanOf, integerOf } from "../x509/values";
import type { Subject } from "./ocspRequest";
import {
  entriesOf,
  isDelta,
  isListOf,
  listOids,
  type Entry,
  type RevocationList,
} from "./revocationList";
import { crlPointsOf, fullNameIn } from "./sources";
import { NoStatus, requireCurrent, type Answer, type Status } from "./status";

const honoured: readonly string[] = [
  listOids.deltaIndicator,
  listOids.issuingDistributionPoint,
];

/** A complete list, and the one that says what came after it. */
export interface Lists {
  readonly base: RevocationList;
  readonly delta?: RevocationList | undefined;
}

/** What lists prove about a certificate now (RFC 5280 §6.3). Throws `NoStatus`, or `NotDer`. */
export function statusByLists(
  lists: Lists,
  subject: Subject,
  now: Date,
): Answer {
  const { base } = lists;
  if (isDelta(base)) {
    throw new NoStatus("the revocation list is a delta without its base");
  }
  const delta = newerDelta(lists);
  const used = delta ? [base, delta] : [base];
  const ends = used.map((list) => {
    requireScope(list, subject.certificate);
    return requireListOf(list, subject.issuer, now).getTime();
  });
  const { serial } = subject.certificate;
  const entries = used.flatMap((list) => entriesOf(list, serial));
  const until = new Date(Math.min(...ends));
  return { status: statusOf(entries), until };
}

/** A hold may be lifted by a later word; every other revocation is final. */
function statusOf(entries: readonly Entry[]): Status {
  const final = entries.find(({ reason }) => !isPassing(reason));
  if (final) return { kind: "revoked", ...final };
  const latest = entries.reduce<Entry | undefined>(
    (last, entry) => (last && last.at > entry.at ? last : entry),
    undefined,
  );
  if (!latest || latest.reason === "removeFromCRL") return { kind: "good" };
  return { kind: "revoked", ...latest };
}

function isPassing(reason: string): boolean {
  return reason === "certificateHold" || reason === "removeFromCRL";
}

/** Refuses a list that is not the issuer's or not of now. Answers until when it holds. */
export function requireListOf(
  list: RevocationList,
  issuer: Certificate,
  now: Date,
): Date {
  if (!isListOf(list, issuer)) {
    throw new NoStatus(
      "the revocation list is not signed by who issued the certificate",
    );
  }
  const usage = keyUsageOf(issuer);
  if (usage && !usage.usages.has("cRLSign")) {
    throw new NoStatus(
      "who issued the certificate may not sign revocation lists",
    );
  }
  for (const [oid, { critical }] of list.extensions) {
    if (critical && !honoured.includes(oid)) {
      throw new NoStatus(
        `the revocation list has an unknown critical extension ${oid}`,
      );
    }
  }
  return requireCurrent("the revocation list", list, now);
}

/** Refuses a list whose scope leaves the certificate out, or is one that we do not know how to read (RFC 5280 §5.2.5). */
function requireScope(list: RevocationList, certificate: Certificate): void {
  const point = list.extensions.get(listOids.issuingDistributionPoint);
  if (!point) return;
  const members = membersOf(readDer(point.value));
  const name = members.maybe(contextTag(0, true));
  const flag = (number: number): boolean => {
    const tag = contextTag(number, false);
    const value = members.maybe(tag);
    return value !== undefined && booleanOf(value, tag);
  };
  const onlyUsers = flag(1);
  const onlyAuthorities = flag(2);
  const someReasons = members.maybe(contextTag(3, false)) !== undefined;
  const indirect = flag(4);
  const onlyAttributes = flag(5);
  members.end();
  const isAuthority = basicConstraintsOf(certificate)?.isAuthority === true;
  const leftOut = isAuthority ? onlyUsers : onlyAuthorities;
  if (leftOut || someReasons || indirect || onlyAttributes) {
    throw new NoStatus(
      "the revocation list is about other certificates, or about some reasons only",
    );
  }
  if (!name) return;
  const points = crlPointsOf(certificate).flat();
  if (!fullNameIn(name).some((url) => points.includes(url))) {
    throw new NoStatus("the revocation list is for another distribution point");
  }
}

/** The delta, where it says more than the base. Throws for one that begins behind the base. */
function newerDelta({ base, delta }: Lists): RevocationList | undefined {
  if (!delta) return undefined;
  const indicator = delta.extensions.get(listOids.deltaIndicator);
  const number = numberOf(delta);
  const baseNumber = numberOf(base);
  if (!indicator || number === undefined || baseNumber === undefined) {
    throw new NoStatus(
      "the delta revocation list does not say what it adds to",
    );
  }
  if (integerOf(readDer(indicator.value)) > baseNumber) {
    throw new NoStatus("the delta revocation list adds to a newer list");
  }
  return number > baseNumber ? delta : undefined;
}

function numberOf({ extensions }: RevocationList): bigint | undefined {
  const number = extensions.get(listOids.number);
  return number && integerOf(readDer(number.value));
}
