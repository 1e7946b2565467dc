import { spawn, type ChildProcess } from "node:child_process";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { initFailed, methods, type Method } from "./methods";
import { textOf } from "./textOf";
import { fromBytes, toBytes } from "./wire";
import { toProperties, type Properties } from "./values";
import type { Journal, ProviderCall } from "./report";

/** How a plugin is started: an executable, or an interpreter with its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A call that is about to be sent; a test may wait, or kill the process that is to serve it. */
export interface OutgoingCall {
  readonly method: Method;
  readonly request: Properties;
  readonly instance: number;
  readonly pid: number | undefined;
  kill(): void;
}

export interface ProcessOptions {
  readonly plugin: string;
  readonly instance: number;
  readonly journal: Journal;
  readonly onCall?: ((call: OutgoingCall) => void | Promise<void>) | undefined;
}

/** A provider's error. `partial` is there when a resource was made, but not wholly. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";

  constructor(
    message: string,
    readonly code: number,
    readonly partial: Properties | undefined,
  ) {
    super(message);
  }
}

const maxBytes = 400 * 1024 * 1024;

/** Starts a plugin and waits for the line with its port. */
export async function startProcess(
  { command, args, cwd, env }: Command,
  options: ProcessOptions,
): Promise<PluginProcess> {
  const child = spawn(command, [...args], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new PluginProcess(child, await portOf(child, options.plugin), options);
}

function portOf(child: ChildProcess, plugin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complaints = "";
    child.stderr?.on(
      "data",
      (chunk: Buffer) => (complaints += chunk.toString()),
    );
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (!printed.includes("\n")) return;
      const port = Number(printed.split("\n")[0]);
      if (Number.isInteger(port) && port > 0) resolve(port);
      else
        reject(
          new Error(`${plugin} wrote an invalid port to stdout: ${printed}`),
        );
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(
        new Error(
          `${plugin} ended before it named a port (${code}): ${complaints}`,
        ),
      ),
    );
  });
}

/** One running provider. Every call is written into the journal. */
export class PluginProcess {
  private readonly client: Client;
  /** resolves when the process is no more */
  readonly exited: Promise<void>;

  constructor(
    private readonly child: ChildProcess,
    port: number,
    private readonly options: ProcessOptions,
  ) {
    this.client = new Client(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      {
        "grpc.max_receive_message_length": maxBytes,
        "grpc.max_send_message_length": maxBytes,
      },
    );
    this.exited = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  get plugin(): string {
    return this.options.plugin;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async call(method: Method, request: Properties): Promise<Properties> {
    const { journal, instance, plugin, onCall } = this.options;
    const call: ProviderCall = {
      instance,
      plugin,
      method,
      request,
      startedMs: journal.elapsedMs(),
    };
    journal.calls.push(call);
    const { pid } = this;
    await onCall?.({ method, request, instance, pid, kill: () => this.kill() });
    try {
      const response = await this.send(method, request);
      call.response = response;
      return response;
    } catch (error) {
      call.error = textOf(error);
      throw error;
    } finally {
      call.endedMs = journal.elapsedMs();
    }
  }

  private send(method: Method, request: Properties): Promise<Properties> {
    const shapes = methods[method];
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        `/pulumirpc.ResourceProvider/${method}`,
        (json: Properties) => toBytes(shapes.request, json),
        (bytes: Buffer) => fromBytes(shapes.response, bytes),
        request,
        (error, response) => {
          if (error === null) resolve(response ?? {});
          else reject(providerError(error));
        },
      );
    });
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Ends the process as the engine does: Cancel, then SIGINT, and SIGKILL after five seconds. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.call("Cancel", {}).catch(() => undefined);
      this.child.kill("SIGINT");
      const timer = setTimeout(() => this.kill(), 5_000);
      await this.exited;
      clearTimeout(timer);
    }
    this.client.close();
  }
}

function providerError(error: ServiceError): ProviderError {
  const details = error.metadata.get("grpc-status-details-bin")[0];
  const partial = Buffer.isBuffer(details) ? partialOf(details) : undefined;
  return new ProviderError(error.details, error.code, partial);
}

function partialOf(bytes: Buffer): Properties | undefined {
  const details = Status.deserializeBinary(
    new Uint8Array(bytes),
  ).getDetailsList();
  const found = details.find(
    (any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed",
  );
  if (found === undefined) return undefined;
  return toProperties(fromBytes(initFailed, found.getValue_asU8()));
}
