import { z } from "zod";
import { digestOf } from "../../oci/digest";
import { readJson } from "../../oci/json";
import { material } from "../material/material";
import { endWarnings } from "./endWarnings";
import type { AuthorityKind } from "./kind";
import type { Problem } from "../problem";
import { revocationListsIn } from "../revocation/revocationListsIn";
import { isScope, statementFor } from "./notation/scope";
import { readTrustPolicy, storeTypes } from "./notation/trustPolicy";
import {
  certificatesIn,
  requireRoots,
  requireTrustworthy,
  textsOf,
} from "./notation/trustStores";
import { fingerprintOf } from "../x509/certificate";
import { subjectText } from "../x509/names";

const store = (check: (text: string) => void, what: string) =>
  z
    .record(z.string(), z.array(material(check)).min(1, "is empty").max(100))
    .optional()
    .describe(what);

const trustStores = z
  .strictObject({
    ca: store(
      requireTrustworthy,
      "Certificate authorities by the store's name, in PEM or as base64 of their DER: `{ acme: [pem] }`.",
    ),
    signingAuthority: store(
      requireTrustworthy,
      "Signing authorities, which vouch for the signing time too, by the store's name.",
    ),
    tsa: store(
      requireRoots,
      "Roots of timestamp authorities by the store's name.",
    ),
  })
  .meta({
    id: "NotationTrustStores",
    description: "notation's trust stores: certificates by type and name.",
  });

const schema = z
  .strictObject({
    trustPolicy: material(readTrustPolicy).describe(
      "The text of the Notary Project's `trustpolicy.json`, as notation takes it.",
    ),
    trustStores: trustStores.describe(
      "The trust stores that the trust policy names.",
    ),
    scopes: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe(
        'The destination\'s repository for a source repository, `{ "ghcr.io/acme/app": "reg.example/mirror/app" }`: the copy is then judged by the statement for the destination. Default: by the one for the source.',
      ),
    revocation: z
      .enum(["online", "offline"])
      .optional()
      .describe(
        "`offline` asks nobody whether a certificate was revoked, and looks into `crls` only. Default: `online`.",
      ),
    crls: z
      .array(material(revocationListsIn))
      .max(100)
      .optional()
      .describe(
        "Certificate revocation lists, in PEM or as base64 of their DER.",
      ),
  })
  .meta({
    id: "NotationAuthority",
    description: "Signers as a trust policy of the Notary Project names them.",
  });

type NotationSettings = z.infer<typeof schema>;

/** Vouches for what was signed with notation by whom a trust policy of the Notary Project names (verification.md §3). */
export const notation: AuthorityKind<NotationSettings> = {
  description:
    "Signed with notation, by the Notary Project's own trust policy.",
  schema,
  examine: (settings) =>
    Promise.resolve([...storeProblems(settings), ...scopeProblems(settings)]),
  canonical: ({
    trustPolicy,
    trustStores: stores,
    scopes,
    revocation,
    crls,
  }) => ({
    trustPolicy: readJson(Buffer.from(trustPolicy)),
    trustStores: Object.fromEntries(
      storeTypes.map((type) => [
        type,
        Object.fromEntries(
          Object.entries(stores[type] ?? {}).map(([name, texts]) => [
            name,
            texts.flatMap(certificatesIn).map(fingerprintOf).sort(),
          ]),
        ),
      ]),
    ),
    scopes,
    revocation: revocation ?? "online",
    crls: (crls ?? [])
      .flatMap(revocationListsIn)
      .map(({ signed }) => digestOf(signed.data))
      .sort(),
  }),
  warnings: storeWarnings,
  async prepare(settings, { name, repository, copy }) {
    const { notationAuthority } = await import("./notation/authority.ts");
    const [problem] = storeProblems(settings);
    if (problem) throw new Error(`${name}.trustPolicy ${problem.reason}`);
    const mapped =
      copy === undefined ? undefined : settings.scopes?.[repository];
    const judged = mapped ?? repository;
    return notationAuthority({
      name,
      repository: judged,
      statement: statementFor(readTrustPolicy(settings.trustPolicy), judged),
      stores: settings.trustStores,
      offline: settings.revocation === "offline",
      lists: (settings.crls ?? []).flatMap(revocationListsIn),
    });
  },
};

function storeProblems({
  trustPolicy,
  trustStores: stores,
}: NotationSettings): readonly Problem[] {
  return readTrustPolicy(trustPolicy).flatMap((statement) =>
    statement.stores
      .filter((named) => textsOf(stores, named) === undefined)
      .map(({ type, name }) => ({
        path: ["trustStores", type],
        reason: `has no store ${JSON.stringify(name)}, which statement ${JSON.stringify(statement.name)} of the trust policy names`,
      })),
  );
}

function scopeProblems({
  trustPolicy,
  scopes = {},
}: NotationSettings): readonly Problem[] {
  const statements = readTrustPolicy(trustPolicy);
  return Object.entries(scopes).flatMap(([source, destination]) => {
    const path = ["scopes", source];
    if (!isScope(destination)) {
      const reason = `is ${JSON.stringify(destination)}, which is no whole repository (host/path)`;
      return [{ path, reason }];
    }
    if (statementFor(statements, destination)) return [];
    const reason = `leads to ${destination}, for which the trust policy has no statement`;
    return [{ path, reason }];
  });
}

/** Certificates of trust stores that have ended, or end soon. */
function storeWarnings(
  { trustStores: stores }: NotationSettings,
  now: Date,
): readonly Problem[] {
  const endings = storeTypes.flatMap((type) =>
    Object.entries(stores[type] ?? {}).flatMap(([name, texts]) =>
      texts.flatMap((text, i) =>
        certificatesIn(text).map((certificate) => ({
          what: JSON.stringify(subjectText(certificate)),
          end: certificate.notAfter.toISOString(),
          path: ["trustStores", type, name, i],
        })),
      ),
    ),
  );
  return endWarnings(endings, now);
}
