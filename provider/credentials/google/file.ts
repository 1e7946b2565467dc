import { z } from "zod";

const impersonated = z.looseObject({
  type: z.literal("impersonated_service_account"),
  service_account_impersonation_url: z
    .string()
    .regex(
      /^https:\/\/[^/]+\/v1\/projects\/-\/serviceAccounts\/[^/:]+:generateAccessToken$/,
    ),
  source_credentials: z.unknown(),
  delegates: z.array(z.string()).optional(),
});
const format = z
  .object({
    type: z.enum(["text", "json"]),
    subject_token_field_name: z.string().optional(),
  })
  .optional();

/** Where workload identity federation finds the token that it exchanges. */
const source = z.union([
  z.object({
    environment_id: z.string(),
    regional_cred_verification_url: z.string(),
    region_url: z.string().optional(),
    url: z.string().optional(),
    imdsv2_session_token_url: z.string().optional(),
  }),
  z.object({
    executable: z.object({
      command: z.string(),
      timeout_millis: z.number().optional(),
      output_file: z.string().optional(),
    }),
  }),
  z.object({ file: z.string(), format }),
  z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()).optional(),
    format,
  }),
]);

/** A file of Google credentials, as far as it is read here. */
export const googleFile = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("service_account"),
    client_email: z.string(),
    private_key: z.string(),
    private_key_id: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal("authorized_user"),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
  }),
  z.looseObject({
    type: z.literal("external_account"),
    audience: z.string(),
    subject_token_type: z.string(),
    token_url: z.url({ protocol: /^https$/ }),
    credential_source: source,
    service_account_impersonation_url: z
      .url({ protocol: /^https$/ })
      .optional(),
  }),
  z.looseObject({
    type: z.literal("external_account_authorized_user"),
    audience: z.string(),
    token_url: z.url({ protocol: /^https$/ }),
    refresh_token: z.string(),
    client_id: z.string(),
    client_secret: z.string(),
    token_info_url: z.string().default(""), // nothing here asks it
  }),
  impersonated,
]);

/** A file of Google credentials that was read. */
export type GoogleFile = z.infer<typeof googleFile>;

/** Whether a file's credentials are those of an impersonated account. */
export function isImpersonated(json: unknown): boolean {
  return impersonated.safeParse(json).success;
}
