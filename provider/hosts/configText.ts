import { type Failure, unknownNames } from "../mirror/lifecycle";
import {
  decode,
  type Marked,
  type MarkedValues,
  plainValues,
  Secret,
  secretTexts,
  texts,
  type Wire,
} from "./marked";

/** What the engine adds to a provider's configuration for itself. */
const enginesOwn = [
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "__internal",
];

/** The configuration as it was written: SDKs and stack configuration send nested values as JSON texts. */
export function readConfig(config: MarkedValues): MarkedValues {
  const ours = Object.entries(config).filter(
    ([name, value]) => !enginesOwn.includes(name) && value !== undefined,
  );
  return Object.fromEntries(
    ours.map(([name, value]) => [name, readValue(value)]),
  );
}

function readValue(value: Marked): Marked {
  if (value instanceof Secret) return new Secret(readValue(value.value));
  if (typeof value !== "string") return value;
  try {
    const wire: Wire = JSON.parse(value);
    return decode(wire);
  } catch {
    // no JSON: the shape says what is wrong with it
    return value;
  }
}

/** The members that hold a value which is not known yet. */
export function unknownFailures(config: MarkedValues): readonly Failure[] {
  return unknownNames(plainValues(config)).map(unknownFailure);
}

/** With one unknown value the engine would go on without asking this provider anything (engine.md 4). */
function unknownFailure(name: string): Failure {
  return {
    property: name,
    reason:
      "holds a value that preview does not know yet. Pulumi would then not call this provider at all, and nothing would be verified; " +
      "give a value that is known, or name an environment variable (`passwordEnv`)",
  };
}

/** What messages may always say: they are told by host, and a whole member that arrives as one secret text is no reason to hide it. */
const toldMembers = ["registries", "credentials"];
const toldNames = [
  "registry",
  "username",
  "anonymous",
  "aws",
  "google",
  "azure",
];

/** Every secret of the configuration: whatever `credentials` hold beside registry and user name, what their `…Env` names say now, and what else is marked. */
export function secretConfigTexts(
  config: MarkedValues,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const { credentials } = plainValues(config);
  const given =
    typeof credentials === "object" ? Object.values(credentials) : [];
  const members = given.flatMap((entry) =>
    typeof entry === "object" ? Object.entries(entry) : [],
  );
  const secrets = members
    .filter(([name]) => !toldNames.includes(name))
    .flatMap(([name, value]) =>
      name.endsWith("Env")
        ? texts(value).map((variable) => environment[variable] ?? "")
        : texts(value),
    );
  // what could not be read is not shown either
  if (typeof credentials === "string") secrets.push(credentials);
  const marked = Object.entries(config)
    .filter(([name]) => !toldMembers.includes(name))
    .flatMap(([, value]) => secretTexts(value));
  return [...secrets, ...marked];
}
