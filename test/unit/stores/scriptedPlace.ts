import { digestOf } from "../../../provider/oci/digest";
import type {
  Copying,
  Destination,
  Request,
  Source,
} from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo, type FakeClock } from "./opened";
import { reachBy, scripted, type Reply, type Script } from "./script";

export const bytes = Buffer.from("some bytes of a blob");
export const blob: Descriptor = {
  mediaType: "application/octet-stream",
  digest: digestOf(bytes),
  size: bytes.length,
};

/** A destination whose every answer is written down, and a source that gives `bytes`. */
export interface ScriptedPlace {
  readonly script: Script;
  readonly clock: FakeClock;
  readonly destination: Destination;
  readonly by: Copying;
  readonly warnings: readonly string[];
  /** brings the blob */
  copy(): Promise<number>;
  /** brings another */
  bring(other: Descriptor, whole: Uint8Array): Promise<number>;
  /** `METHOD url` of every request */
  asked(): readonly string[];
}

export function scriptedPlace(
  repository: string,
  answer: (request: Request, nth: number) => Reply | Error,
): ScriptedPlace {
  const script = scripted(answer);
  const clock = fakeClock();
  const registries = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock,
  });
  const destination = registries(referenceTo(repository), {
    side: "destination",
    isWriter: true,
  });
  const warnings: string[] = [];
  const reach = {
    ...reachBy(drained(script)),
    notice: ({ text }: { readonly text: string }) => void warnings.push(text),
  };
  const by = { reach, onBytes: () => undefined, isAbsent: true };
  return {
    script,
    clock,
    destination,
    by,
    warnings,
    copy: () => destination.copyFrom(source, blob, by),
    bring: (other, whole) =>
      destination.copyFrom({ ...source, open: () => once(whole) }, other, by),
    asked: () =>
      script.requests.map(({ method, url }) => `${method} ${url.href}`),
  };
}

/** Reads each request's body before it is answered, as a server would. */
function drained(script: Script): Script["send"] {
  return async (request, signal) => {
    const { body } = request;
    if (body !== undefined && !(body instanceof Uint8Array))
      for await (const chunk of body) void chunk;
    return script.send(request, signal);
  };
}

const source: Source = {
  side: "source",
  repository: "elsewhere.test/team/app",
  sparseIndex: "unknown",
  isMissing: false,
  open: () => once(bytes),
  resolve: async () => undefined,
  fetch: async () => undefined,
  has: async () => true,
  read: async () => bytes,
  tags: async () => [],
  referrers: async () => [],
};

async function* once(
  whole: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield whole;
}
