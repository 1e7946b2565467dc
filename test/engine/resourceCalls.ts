import { randomBytes } from "node:crypto";
import { ProviderError } from "./pluginProcess";
import type { Configured } from "./providers";
import type { Resource } from "./state";
import { nameOf, typeOf } from "./urn";
import {
  annotateSecrets,
  annotateTop,
  isProperties,
  isSecret,
  toProperties,
  unwrap,
  unwrapAll,
  type Properties,
} from "./values";

/** What a provider made of a resource; `initErrors`: it is there, but not wholly. */
export interface Made {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs?: Properties | undefined;
  readonly refreshBeforeUpdate: boolean;
  readonly initErrors?: readonly string[];
}

/** A resource that was made in part: state keeps it, and the run fails. */
export class InitError extends Error {
  override readonly name = "InitError";

  constructor(
    readonly made: Made & { readonly initErrors: readonly string[] },
  ) {
    const { initErrors } = made;
    const lines = initErrors.map((reason) => `\t* ${reason}`);
    super(
      `${initErrors.length} error${initErrors.length === 1 ? "" : "s"} occurred:\n${lines.join("\n")}`,
    );
  }
}

export interface WriteOptions {
  readonly preview: boolean;
  readonly timeoutSeconds: number;
}

export interface DiffRequest {
  readonly id: string;
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

/** The calls for one resource: secrets go as the provider takes them, an unconfigured provider is not asked. */
export class ResourceCalls {
  constructor(
    private readonly provider: Configured,
    private readonly urn: string,
  ) {}

  private request(): Properties {
    return { urn: this.urn, name: nameOf(this.urn), type: typeOf(this.urn) };
  }

  private send(properties: Properties): Properties {
    return this.provider.acceptSecrets ? properties : unwrapAll(properties);
  }

  private receive(properties: Properties, known: Properties): Properties {
    return this.provider.acceptSecrets
      ? annotateTop(properties, known)
      : annotateSecrets(properties, known);
  }

  /** The checked inputs; throws what the provider finds wrong with them, in the engine's words. */
  async check(
    olds: Properties | undefined,
    news: Properties,
  ): Promise<Properties> {
    if (this.provider.bypassed) return news;
    const response = await this.provider.process.call("Check", {
      ...this.request(),
      olds: this.send(olds ?? {}),
      news: this.send(news),
      randomSeed: randomBytes(32).toString("base64"),
    });
    const failures = response["failures"];
    if (Array.isArray(failures) && failures.length > 0)
      throw new Error(this.explain(failures, news));
    return this.receive(toProperties(response["inputs"] ?? news), news);
  }

  /** The engine prints the value of the property that a failure names, secrets included. */
  private explain(failures: readonly unknown[], news: Properties): string {
    const lines = failures.map((one) => {
      const { property, reason } = toProperties(one);
      const intro = `${typeOf(this.urn)} resource '${nameOf(this.urn)}'`;
      if (property === undefined || property === "")
        return `${intro} has a problem: ${reason}`;
      const value = news[String(property)];
      const text = JSON.stringify(value === undefined ? null : unwrap(value));
      const shown =
        value === undefined ? "<nil>" : text.replaceAll(/^"|"$/g, "");
      const wrapped = isSecret(value) ? `{&{{${shown}}}}` : `{${shown}}`;
      return `${intro}: property ${property} value ${wrapped} has a problem: ${reason}`;
    });
    return lines.join("\n");
  }

  diff({
    id,
    olds,
    oldInputs,
    news,
    ignoreChanges,
  }: DiffRequest): Promise<Properties> {
    if (this.provider.bypassed)
      return Promise.resolve({ changes: "DIFF_UNKNOWN" });
    return this.provider.process.call("Diff", {
      ...this.request(),
      id,
      olds: this.send(olds),
      oldInputs: this.send(oldInputs),
      news: this.send(news),
      ignoreChanges,
    });
  }

  async create(inputs: Properties, options: WriteOptions): Promise<Made> {
    if (this.provider.bypassed) return unmade({});
    if (options.preview && !this.provider.supportsPreview)
      return unmade(inputs);
    const request = { ...this.request(), properties: this.send(inputs) };
    return this.made(inputs, "", () =>
      this.provider.process.call("Create", { ...request, ...writing(options) }),
    );
  }

  async update(
    old: Resource,
    { news, ignoreChanges }: Pick<DiffRequest, "news" | "ignoreChanges">,
    options: WriteOptions,
  ): Promise<Made> {
    if (this.provider.bypassed) return { ...unmade({}), id: old.id };
    if (options.preview && !this.provider.supportsPreview)
      return { ...unmade(news), id: old.id };
    const request = {
      ...this.request(),
      id: old.id,
      olds: this.send(old.outputs),
      oldInputs: this.send(old.inputs),
      news: this.send(news),
      ignoreChanges,
    };
    return this.made(news, old.id, () =>
      this.provider.process.call("Update", { ...request, ...writing(options) }),
    );
  }

  /** What is there now; undefined when the provider says that it is gone. Unhealthy resources carry `initErrors`. */
  async read(
    id: string,
    known?: { readonly outputs: Properties; readonly inputs: Properties },
  ): Promise<Made | undefined> {
    const request: Properties = known
      ? {
          properties: this.send(known.outputs),
          inputs: this.send(known.inputs),
        }
      : {};
    const outputs = known?.outputs ?? {};
    try {
      const made = await this.made(outputs, "", () =>
        this.provider.process.call("Read", {
          ...this.request(),
          id,
          ...request,
        }),
      );
      return made.id === "" ? undefined : made;
    } catch (error) {
      if (error instanceof InitError) return error.made;
      throw error;
    }
  }

  async remove(resource: Resource): Promise<void> {
    await this.provider.process.call("Delete", {
      ...this.request(),
      id: resource.id,
      properties: this.send(resource.outputs),
      oldInputs: this.send(resource.inputs),
      timeout: resource.deleteTimeoutSeconds ?? 0,
    });
  }

  private async made(
    known: Properties,
    id: string,
    call: () => Promise<Properties>,
  ): Promise<Made> {
    try {
      const response = await call();
      return { id, ...this.understood(response, known) };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.partial === undefined)
        throw error;
      const { reasons } = error.partial;
      const initErrors = Array.isArray(reasons) ? reasons.map(String) : [];
      throw new InitError({
        id,
        ...this.understood(error.partial, known),
        initErrors,
      });
    }
  }

  private understood(
    response: Properties,
    known: Properties,
  ): Omit<Made, "id"> & { id?: string } {
    const { id, properties, inputs, refreshBeforeUpdate } = response;
    return {
      ...(typeof id === "string" ? { id } : {}),
      outputs: this.receive(toProperties(properties), known),
      inputs: isProperties(inputs) ? this.receive(inputs, known) : undefined,
      refreshBeforeUpdate: refreshBeforeUpdate === true,
    };
  }
}

function unmade(outputs: Properties): Made {
  return { id: "", outputs, refreshBeforeUpdate: false };
}

function writing({ preview, timeoutSeconds }: WriteOptions): Properties {
  return { preview, timeout: timeoutSeconds };
}
