import { type Answer, type Call, failure } from "./answer";
import type { RegistryOptions } from "./options";
import { algorithmIn, digestOf, type Storage } from "./storage";

interface Session {
  readonly id: string;
  readonly name: string;
  readonly chunks: Uint8Array[];
  size: number;
  /** counts the answers given; only the newest Location is good */
  step: number;
}

interface Place {
  readonly name: string;
  /** empty where a new upload is asked for */
  readonly id: string;
}

const unknownUpload = failure({
  code: "BLOB_UPLOAD_UNKNOWN",
  message: "blob upload unknown to registry",
});
const staleLocation = failure({
  code: "BLOB_UPLOAD_INVALID",
  message: "blob upload invalid",
});
const badDigest = failure({
  code: "DIGEST_INVALID",
  message: "provided digest did not match uploaded content",
});
const badRange = failure({
  code: "RANGE_INVALID",
  message: "invalid content range",
});
const unsupported = failure({
  code: "UNSUPPORTED",
  message: "The operation is unsupported.",
});

/** The upload sessions of one registry: POST, PATCH, PUT, GET and DELETE under `/blobs/uploads/`. */
export class Uploads {
  private readonly sessions = new Map<string, Session>();
  private counter = 0;

  constructor(
    private readonly storage: Storage,
    private readonly options: RegistryOptions,
  ) {}

  /** ids of the sessions that are neither finished nor cancelled */
  open(): readonly string[] {
    return [...this.sessions.keys()];
  }

  /** Forgets all sessions. */
  forget(): void {
    this.sessions.clear();
  }

  /** Forgets a session, as a registry does whose client hung up. */
  drop(id: string): void {
    this.sessions.delete(id);
  }

  async answer(call: Call, place: Place): Promise<Answer> {
    if (place.id === "" && call.method === "POST") {
      return this.begin(call, place.name);
    }
    const session = this.sessions.get(place.id);
    if (!session || session.name !== place.name) return unknownUpload;
    if (call.method === "DELETE") {
      this.drop(session.id);
      return { status: 204 };
    }
    if (call.query.get("_state") !== String(session.step)) return staleLocation;
    if (call.method === "GET") return this.progress(call, session, 204);
    if (call.method === "PATCH") return this.append(call, session);
    if (call.method === "PUT") return this.finish(call, session);
    return unsupported;
  }

  private async begin(call: Call, name: string): Promise<Answer> {
    const digest = call.query.get("digest");
    if (digest !== null && this.options.singlePost !== false) {
      return this.keep(call, name, { digest, bytes: await call.readBody() });
    }
    const mounted = this.mount(call, name);
    if (mounted) return mounted;
    this.storage.demand(name);
    this.counter += 1;
    const id = `00000000-0000-4000-8000-${String(this.counter).padStart(12, "0")}`;
    const session = { id, name, chunks: [], size: 0, step: 0 };
    this.sessions.set(id, session);
    return this.progress(call, session, 202);
  }

  private mount(call: Call, name: string): Answer | undefined {
    const digest = call.query.get("mount");
    const from = call.query.get("from");
    if (!digest || !from || this.options.mount === false) return undefined;
    const bytes = this.storage.find(from)?.blobs.get(digest);
    if (!bytes) return undefined;
    this.storage.demand(name).blobs.set(digest, bytes);
    return this.created(call, name, digest);
  }

  private async append(call: Call, session: Session): Promise<Answer> {
    const bytes = await call.readBody();
    if (!follows(call, session, bytes)) return badRange;
    session.chunks.push(bytes);
    session.size += bytes.length;
    session.step += 1;
    return this.progress(call, session, 202);
  }

  private async finish(call: Call, session: Session): Promise<Answer> {
    const digest = call.query.get("digest") ?? "";
    const last = await call.readBody();
    if (!follows(call, session, last)) return badRange;
    session.chunks.push(last);
    this.drop(session.id);
    const [first, ...more] = session.chunks.filter((one) => one.length > 0);
    const bytes =
      first && more.length > 0 ? Buffer.concat([first, ...more]) : first; // a copy of a gibibyte costs
    return this.keep(call, session.name, {
      digest,
      bytes: bytes ?? new Uint8Array(),
    });
  }

  private keep(
    call: Call,
    name: string,
    blob: { readonly digest: string; readonly bytes: Uint8Array },
  ): Answer {
    const algorithm = algorithmIn(blob.digest);
    const known = algorithm === "sha256" || this.options.sha512 !== false;
    if (
      !algorithm ||
      !known ||
      digestOf(blob.bytes, algorithm) !== blob.digest
    ) {
      return badDigest;
    }
    this.storage.demand(name).blobs.set(blob.digest, blob.bytes);
    return this.created(call, name, blob.digest);
  }

  private created(call: Call, name: string, digest: string): Answer {
    const location = `${this.base(call)}/v2/${name}/blobs/${digest}`;
    const headers = { location, "docker-content-digest": digest };
    return { status: 201, headers };
  }

  private progress(call: Call, session: Session, status: number): Answer {
    const path = `/v2/${session.name}/blobs/uploads/${session.id}`;
    const minimum = this.options.chunkMinLength;
    return {
      status,
      headers: {
        location: `${this.base(call)}${path}?_state=${session.step}`,
        range: `0-${Math.max(0, session.size - 1)}`,
        "docker-upload-uuid": session.id,
        ...(minimum ? { "oci-chunk-min-length": String(minimum) } : {}),
      },
    };
  }

  private base(call: Call): string {
    return this.options.locations === "relative" ? "" : call.origin;
  }
}

/** Whether a piece says that it begins where the one before ended, or says nothing. */
function follows(call: Call, { size }: Session, bytes: Uint8Array): boolean {
  const stated = call.headers["content-range"];
  const end = size + bytes.length - 1;
  return stated === undefined || stated === `${size}-${end}`;
}
