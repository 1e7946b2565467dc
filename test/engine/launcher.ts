import { dirname } from "node:path";
import {
  startProcess,
  type Command,
  type PluginProcess,
} from "./pluginProcess";
import { resolvePulumi } from "./program";
import type { Journal } from "./report";
import type { Settings } from "./settings";

/** The package of dynamic resources: its plugin comes with `@pulumi/pulumi`. */
export const dynamicPackage = "pulumi-nodejs";

/** A plugin that has said hello. */
export interface Launched {
  readonly process: PluginProcess;
  readonly version: string;
}

/** Starts plugins, and counts their processes from 1. */
export class Launcher {
  /** where the Engine service listens, once it does */
  engineAddress = "";
  private instances = 0;

  constructor(
    private readonly settings: Settings,
    private readonly journal: Journal,
  ) {}

  has(plugin: string): boolean {
    return (
      plugin === dynamicPackage || this.settings.plugins[plugin] !== undefined
    );
  }

  /** Starts a plugin, up to and with GetPluginInfo. */
  async launch(plugin: string): Promise<Launched> {
    this.instances += 1;
    const command = this.commandOf(plugin);
    const process = await startProcess(command, {
      plugin,
      instance: this.instances,
      journal: this.journal,
      onCall: this.settings.onCall,
    });
    const folder = dirname(this.settings.plugins[plugin] ?? command.cwd);
    await process
      .call("Handshake", {
        engineAddress: this.engineAddress,
        rootDirectory: folder,
        programDirectory: folder,
        configureWithUrn: true,
        supportsRefreshBeforeUpdate: true,
        invokeWithPreview: true,
        acceptsByteString: true,
      })
      // a plugin need not implement it
      .catch(() => undefined);
    const { version } = await process.call("GetPluginInfo", {});
    return { process, version: typeof version === "string" ? version : "" };
  }

  private commandOf(plugin: string): Command {
    const { projectDir, plugins } = this.settings;
    const instance = String(this.instances);
    const env = { ...this.settings.env, ENGINE_INSTANCE: instance };
    const common = { cwd: projectDir, env };
    const executable = plugins[plugin];
    if (executable !== undefined)
      return { ...common, command: executable, args: [this.engineAddress] };
    if (plugin !== dynamicPackage) throw new Error(`no plugin for ${plugin}`);
    const host = resolvePulumi(projectDir, "cmd/dynamic-provider");
    const args = [host, this.engineAddress];
    return { ...common, command: process.execPath, args };
  }
}
