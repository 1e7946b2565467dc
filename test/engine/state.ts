import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import {
  isProperties,
  isSecret,
  mapProperties,
  mapValues,
  secretSignature,
  signatureKey,
  toJson,
  type Json,
  type Properties,
} from "./values";

/** What the engine remembers of one resource. */
export interface Resource {
  readonly urn: string;
  readonly id: string;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** `<urn>::<id>` of the provider; absent for components and for resources that are only simulated */
  readonly provider?: string | undefined;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly protect?: boolean | undefined;
  readonly retainOnDelete?: boolean | undefined;
  readonly deletedWith?: string | undefined;
  readonly importId?: string | undefined;
  readonly initErrors?: readonly string[] | undefined;
  readonly refreshBeforeUpdate?: boolean | undefined;
  readonly deleteTimeoutSeconds?: number | undefined;
  /** It was replaced, and its replacement is there; it is still to be deleted. */
  readonly delete?: true | undefined;
}

export interface Provider {
  readonly id: string;
  readonly inputs: Properties;
}

export interface PendingOperation {
  readonly urn: string;
  readonly operation: "creating" | "updating" | "deleting";
}

/** A stack's whole state. */
export interface Checkpoint {
  readonly providers: Readonly<Record<string, Provider>>;
  readonly resources: readonly Resource[];
  readonly pendingOperations: readonly PendingOperation[];
}

const emptyCheckpoint: Checkpoint = {
  providers: {},
  resources: [],
  pendingOperations: [],
};

/** Encrypts the values of secret envelopes, so that no state holds one in clear. */
class SecretBox {
  private readonly key = randomBytes(32);

  seal(properties: Properties): Properties {
    return mapProperties(properties, (value) =>
      isSecret(value) && value["value"] !== undefined
        ? {
            [signatureKey]: secretSignature,
            ciphertext: this.encrypt(JSON.stringify(value["value"])),
          }
        : undefined,
    );
  }

  open(properties: Properties): Properties {
    return mapProperties(properties, (value) => this.opened(value));
  }

  private opened(value: Json): Json | undefined {
    if (!isSecret(value) || typeof value["ciphertext"] !== "string")
      return undefined;
    const plain = toJson(JSON.parse(this.decrypt(value["ciphertext"])));
    return {
      [signatureKey]: secretSignature,
      value: mapValues(plain, () => undefined),
    };
  }

  private encrypt(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
  }

  private decrypt(text: string): string {
    const bytes = Buffer.from(text, "base64");
    const cipher = createDecipheriv(
      "aes-256-gcm",
      this.key,
      bytes.subarray(0, 12),
    );
    cipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([
      cipher.update(bytes.subarray(28)),
      cipher.final(),
    ]).toString();
  }
}

type Change = (properties: Properties) => Properties;

function mapCheckpoint(checkpoint: Checkpoint, change: Change): Checkpoint {
  const providers = Object.entries(checkpoint.providers).map(([urn, one]) => [
    urn,
    { ...one, inputs: change(one.inputs) },
  ]);
  return {
    ...checkpoint,
    providers: Object.fromEntries(providers),
    resources: checkpoint.resources.map((one) => ({
      ...one,
      inputs: change(one.inputs),
      outputs: change(one.outputs),
    })),
  };
}

/** Where the state of a stack is kept between runs: in memory, and in a file when one is named. */
export class Backend {
  private readonly box = new SecretBox();
  private sealed: Checkpoint;

  constructor(
    private readonly file?: string,
    initial: Checkpoint = emptyCheckpoint,
  ) {
    this.sealed =
      file !== undefined && existsSync(file)
        ? parseCheckpoint(readFileSync(file, "utf8"))
        : mapCheckpoint(initial, (properties) => this.box.seal(properties));
  }

  load(): Checkpoint {
    return mapCheckpoint(this.sealed, (properties) =>
      this.box.open(properties),
    );
  }

  /** The form that is written: secrets are ciphertext. */
  exported(): Checkpoint {
    return this.sealed;
  }

  save(checkpoint: Checkpoint): void {
    this.sealed = mapCheckpoint(checkpoint, (properties) =>
      this.box.seal(properties),
    );
    if (this.file === undefined) return;
    writeFileSync(`${this.file}.new`, JSON.stringify(this.sealed, null, 2));
    renameSync(`${this.file}.new`, this.file);
  }
}

function parseCheckpoint(text: string): Checkpoint {
  const parsed: unknown = JSON.parse(text);
  if (!isCheckpoint(parsed))
    throw new Error("this is no state of the small engine");
  return parsed;
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return (
    isProperties(value) &&
    isProperties(value["providers"]) &&
    Array.isArray(value["resources"])
  );
}

/** The state of a run. A preview works on a copy that is never saved. */
export class State {
  private current: Checkpoint;
  private isFrozen = false;

  constructor(
    private readonly backend: Backend,
    private readonly preview: boolean,
  ) {
    this.current = backend.load();
  }

  get resources(): readonly Resource[] {
    return this.current.resources;
  }

  get pending(): readonly PendingOperation[] {
    return this.current.pendingOperations;
  }

  find(urn: string): Resource | undefined {
    return this.current.resources.find((one) => one.urn === urn && !one.delete);
  }

  provider(urn: string): Provider | undefined {
    return this.current.providers[urn];
  }

  put(resource: Resource, formerUrn = resource.urn): void {
    const others = this.current.resources;
    const at = others.findIndex((one) => one.urn === formerUrn && !one.delete);
    this.commit({
      resources: at < 0 ? [...others, resource] : others.with(at, resource),
    });
  }

  /** Puts a replacement in place; what it replaces is kept until it is deleted. */
  replace(old: Resource, replacement: Resource): void {
    const others = this.current.resources.map((one) =>
      one === old ? { ...old, delete: true as const } : one,
    );
    this.commit({ resources: [...others, replacement] });
  }

  remove(resource: Resource): void {
    this.commit({
      resources: this.current.resources.filter((one) => one !== resource),
    });
  }

  putProvider(urn: string, provider: Provider): void {
    this.commit({ providers: { ...this.current.providers, [urn]: provider } });
  }

  /** Forgets providers that no resource refers to and that `used` does not name. */
  dropProviders(used: ReadonlySet<string>): void {
    const kept = Object.entries(this.current.providers).filter(
      ([urn]) =>
        used.has(urn) ||
        this.current.resources.some((one) =>
          one.provider?.startsWith(`${urn}::`),
        ),
    );
    this.commit({ providers: Object.fromEntries(kept) });
  }

  /** Runs work that the state knows about while it lasts. */
  async pendingWhile<T>(
    operation: PendingOperation,
    work: () => Promise<T>,
  ): Promise<T> {
    this.commit({ pendingOperations: [...this.pending, operation] });
    try {
      return await work();
    } finally {
      const left = this.pending.filter((one) => one !== operation);
      this.commit({ pendingOperations: left });
    }
  }

  /** The engine has ended: nothing reaches the state any more. */
  freeze(): void {
    this.isFrozen = true;
  }

  forgetPending(): void {
    this.commit({ pendingOperations: [] });
  }

  private commit(change: Partial<Checkpoint>): void {
    if (this.isFrozen) return;
    this.current = { ...this.current, ...change };
    if (!this.preview) this.backend.save(this.current);
  }
}
