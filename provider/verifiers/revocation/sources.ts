import {
  NotDer,
  contextTag,
  membersOf,
  partsOf,
  readDer,
  requireTag,
  tags,
  type Der,
} from "../x509/asn1";
import type { Certificate, Extension } from "../x509/certificate";
import { read } from "../x509/extensions";
import { ia5 } from "../x509/names";
import { oidOf } from "../x509/values";

const ocsp = "1.3.6.1.5.5.7.48.1";
const uri = contextTag(6, false);
const maxUrls = 10;

/** Where a certificate says its status may be asked (RFC 5280 §4.2.2.1). */
export function ocspUrlsOf(certificate: Certificate): readonly string[] {
  const urls = read(certificate, "authorityInformation", ({ value }) =>
    partsOf(requireTag(readDer(value), tags.sequence)).flatMap((access) => {
      const members = membersOf(access);
      const isOcsp = oidOf(members.take(tags.oid)) === ocsp;
      return isOcsp ? urlsIn([members.any()]) : [];
    }),
  );
  return (urls ?? []).slice(0, maxUrls);
}

/** Where a certificate says its revocation lists are (RFC 5280 §4.2.1.13): all points count, and of each point's URLs one. */
export function crlPointsOf(
  certificate: Certificate,
): readonly (readonly string[])[] {
  return read(certificate, "crlDistributionPoints", pointsIn) ?? [];
}

/** Where a certificate or a list says its delta lists are (RFC 5280 §4.2.1.15, §5.2.6): one of them is enough. */
export function deltaUrlsOf(
  holder: Pick<Certificate, "extensions">,
): readonly string[] {
  return read(holder, "freshestCrl", pointsIn)?.flat() ?? [];
}

/** Throws for points that name no URL at all: a list that nobody can find may be the one that matters. */
function pointsIn({ value }: Extension): readonly (readonly string[])[] {
  const points = partsOf(requireTag(readDer(value), tags.sequence));
  if (points.length > maxUrls) throw new NotDer("has too many points");
  return points.map((point) => {
    const name = membersOf(point).maybe(contextTag(0, true));
    const urls = name ? fullNameIn(name) : [];
    if (urls.length > 0) return urls.slice(0, maxUrls);
    throw new NotDer("has a distribution point without a URL");
  });
}

/** The URIs of a `DistributionPointName`. Throws for the relative form, which nobody uses. */
export function fullNameIn(name: Der): readonly string[] {
  const full = requireTag(readDer(name.value), contextTag(0, true));
  return urlsIn(partsOf(full));
}

function urlsIn(names: readonly Der[]): readonly string[] {
  return names.filter(({ tag }) => tag === uri).map(({ value }) => ia5(value));
}
