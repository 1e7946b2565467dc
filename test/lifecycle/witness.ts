import {
  Engine,
  type EngineOptions,
  type UpdateOptions,
} from "../engine/engine";
import type { Report } from "../engine/report";
import { writes } from "../registry/recorder";
import type { TestRegistry } from "../registry/registry";

/** The password of every scene. Nothing that a run leaves behind may hold it in clear. */
export const canary = "hunter2-canary";

/** An engine that keeps what its runs left behind, to be searched for secrets. */
export class WitnessedEngine extends Engine {
  readonly #traces: string[] = [];
  readonly #registries: readonly TestRegistry[];

  constructor(options: EngineOptions, registries: readonly TestRegistry[]) {
    super(options);
    this.#registries = registries;
  }

  /** A preview that writes anywhere is an error, whatever the test is about (G12). */
  override async preview(options?: UpdateOptions): Promise<Report> {
    const before = this.written();
    const report = await this.witness(super.preview(options));
    const wrote = this.written().slice(before.length);
    if (wrote.length > 0)
      throw new Error(`a preview wrote: ${wrote.join(", ")}`);
    return report;
  }

  override up(options?: UpdateOptions): Promise<Report> {
    return this.witness(super.up(options));
  }

  override refresh(options?: UpdateOptions): Promise<Report> {
    return this.witness(super.refresh(options));
  }

  override destroy(options?: UpdateOptions): Promise<Report> {
    return this.witness(super.destroy(options));
  }

  override importResource(
    type: string,
    name: string,
    id: string,
  ): Promise<Report> {
    return this.witness(super.importResource(type, name, id));
  }

  /** Throws where the canary was printed, logged, answered to the program or saved. */
  mustBeClean(): void {
    const leaked = this.#traces.find((trace) => trace.includes(canary));
    if (leaked === undefined) return;
    const at = leaked.indexOf(canary);
    throw new Error(
      `a secret leaked: …${leaked.slice(Math.max(0, at - 200), at)}[here]`,
    );
  }

  private written(): string[] {
    return this.#registries.flatMap(({ requests }) =>
      writes(requests).map(({ method, path }) => `${method} ${path}`),
    );
  }

  private async witness(run: Promise<Report>): Promise<Report> {
    const report = await run;
    const { text, diagnostics, outputs, programOutput, state } = report;
    // Pulumi's own SDK writes whole requests into debug lines; a CLI shows them only when asked to
    const said = diagnostics.filter(({ severity }) => severity !== "debug");
    const resources = state.resources.map(({ inputs, outputs: own }) => [
      inputs,
      own,
    ]);
    this.#traces.push(
      JSON.stringify([text, said, outputs, programOutput, resources]),
    );
    return report;
  }
}
