import { resolve } from "node:path";
import type { Values } from "../../../mirror/lifecycle";
import type { Asked } from "../asked";
import { misunderstood } from "../exit";
import type { Terminal } from "../terminal";
import { readYamlFile } from "./yamlFile";

/** The policy that a command line names, by file or by name; undefined where it names none. */
export async function policyFrom(
  asked: Asked,
  { folder }: Terminal,
): Promise<Values | undefined> {
  const [file, use] = [asked.text("policy"), asked.text("use")];
  if (file !== undefined && use !== undefined)
    throw misunderstood({
      what: "could not understand which policy is meant",
      why: "--policy and --use both name one",
      remedy: "leave one of them out",
    });
  if (file !== undefined) return readYamlFile(resolve(folder, file));
  return use === undefined ? undefined : { use };
}
