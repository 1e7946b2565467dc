import { MirrorError } from "../../mirror/errors";
import type { CloudRequests } from "./requests";
import { brokenSource } from "../finder";

/** Thrown while a cloud is asked: the machine has nobody to log in as. */
export class NobodyHere extends Error {
  override readonly name = "NobodyHere";
}

/** `undefined` where nobody is at hand; every other failure is thrown on. */
export function unlessNobody(error: unknown): undefined {
  if (error instanceof NobodyHere) return undefined;
  throw error;
}

/** Where a cloud's identity was looked for, and what a reader can do when it does not work. */
export interface CloudSource {
  readonly source: string;
  readonly remedy: string;
  /** what no message may repeat, beside what was sent */
  readonly secrets?: readonly (string | undefined)[];
}

/** Says in our words why a cloud gave no login: it could not be reached, or it said no. */
export function cloudFailure(
  error: unknown,
  { source, remedy, secrets = [] }: CloudSource,
  requests: CloudRequests,
): Error {
  if (error instanceof NobodyHere) return error;
  const { lost } = requests;
  if (lost !== undefined) {
    const { fault, code, why, remedy: way } = lost;
    const what = `could not read credentials from ${source}`;
    return new MirrorError({
      fault,
      code,
      what,
      why,
      remedy: way,
      cause: lost,
    });
  }
  if (error instanceof MirrorError) return error;
  return brokenSource(source, requests.words(error, ...secrets), remedy);
}
