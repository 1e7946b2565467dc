import { z } from "zod";
import { awsSettings, isAwsHost } from "./aws/aws";
import { azureSettings, isAzureHost } from "./azure/azure";
import { googleSettings, isGoogleHost } from "./google/google";
import { narrowKey } from "./match";

const secret = (what: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().meta({ secret: true }).describe(what);
const variable = (what: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      "must be the name of an environment variable",
    )
    .optional()
    .describe(what);

const forms = [
  "password",
  "passwordEnv",
  "identityToken",
  "identityTokenEnv",
  "registryToken",
  "registryTokenEnv",
  "anonymous",
  "aws",
  "google",
  "azure",
] as const;

/** One entry of the provider's `credentials`. `…Env` names a variable that is read at the moment of use. */
export const credentialSettings = z
  .strictObject({
    registry: z
      .string()
      .min(1)
      .describe(
        "The registry's host, or a host and the beginning of a repository's path: `ghcr.io/acme`. The longest match wins.",
      ),
    username: z
      .string()
      .min(1)
      .optional()
      .describe("The user, for a password."),
    password: secret("The password, or the access token that stands for one."),
    passwordEnv: variable("The environment variable that holds the password."),
    identityToken: secret(
      "An identity (refresh) token, exchanged for an access token.",
    ),
    identityTokenEnv: variable(
      "The environment variable that holds the identity token.",
    ),
    registryToken: secret("A bearer token, sent as it is."),
    registryTokenEnv: variable(
      "The environment variable that holds the bearer token.",
    ),
    anonymous: z
      .boolean()
      .refine((is) => is, { message: "is true, or left out" })
      .optional()
      .describe(
        "No login at all, whatever the machine has: for public repositories whose registry refuses the login that would be found.",
      ),
    aws: awsSettings
      .optional()
      .describe(
        "A login to ECR by an AWS identity. `{}` is AWS's own chain, with the machine's role.",
      ),
    google: googleSettings
      .optional()
      .describe(
        "A login to Google's registries by a Google identity. `{}` is Application Default Credentials, with the machine's service account.",
      ),
    azure: azureSettings
      .optional()
      .describe(
        "A login to Azure Container Registry by a Microsoft Entra identity. `{}` is whichever is at hand: service principal, workload identity, managed identity, `az`.",
      ),
  })
  .refine(
    (entry) => forms.filter((form) => entry[form] !== undefined).length === 1,
    {
      message: `needs exactly one of ${forms.join(", ")}`,
    },
  )
  .refine(
    (entry) =>
      (entry.password ?? entry.passwordEnv) === undefined ||
      entry.username !== undefined,
    {
      message: "needs a username beside the password",
      path: ["username"],
    },
  )
  .refine(
    ({ aws, registry }) => aws === undefined || isAwsHost(hostOf(registry)),
    {
      message: `is for hosts of ECR: 123456789012.dkr.ecr.REGION.amazonaws.com, or public.ecr.aws`,
      path: ["aws"],
    },
  )
  .refine(
    ({ google, registry }) =>
      google === undefined || isGoogleHost(hostOf(registry)),
    {
      message: "is for hosts of Google: LOCATION-docker.pkg.dev, or gcr.io",
      path: ["google"],
    },
  )
  .refine(
    ({ azure, registry }) =>
      azure === undefined || isAzureHost(hostOf(registry)),
    { message: "is for hosts of Azure: NAME.azurecr.io", path: ["azure"] },
  )
  .meta({
    id: "Credential",
    description: "A login for one registry, or for a part of it.",
  });

/** One entry as a user writes it. */
export type CredentialSettings = z.infer<typeof credentialSettings>;

function hostOf(registry: string): string {
  return narrowKey(registry).split("/", 1)[0] ?? "";
}
