import { z } from "zod";
import type { Authority, Requirement } from "../../mirror/ports";
import type { PolicyContext } from "../context";
import { forbiddenPlugins } from "./plugin/allowed";
import {
  askedOfPlugin,
  pluginSchema,
  type PluginInput,
} from "./plugin/settings";
import { unusablePolicy } from "../unusablePolicy";
import type { Asked, Named, RequirementKind, Words } from "./kind";
import type { signature } from "./signature";

const shape = {
  plugins: z
    .array(pluginSchema)
    .min(1, "names none: leave it out, or give at least one")
    .max(20)
    .optional()
    .describe(
      "Ratify verifier plugins that must pass, each of them. They never suffice alone, and run only if the provider's `allowedPlugins` has them.",
    ),
};

/** The word of a plugin about referrers of its artifact types; it may refuse, and never vouches. */
export const plugin: RequirementKind<typeof shape> = {
  shape,
  problems: () => [],
  ask: (policy: Words<typeof shape> & Words<(typeof signature)["shape"]>) => {
    const { plugins = [], signedBy = [] } = policy;
    const signers = signedBy.map((input, i): Named => ({
      path: ["signedBy", i],
      input,
    }));
    return plugins.map((input, i) =>
      askedOf(plugins, i, input.nestedReferences ? signers : []),
    );
  },
};

function askedOf(
  plugins: readonly PluginInput[],
  index: number,
  signers: readonly Named[],
): Asked {
  const [input] = plugins.slice(index);
  if (!input) throw new Error("there is no such plugin");
  const name = `plugins[${index}]`;
  const blocks = input.mode !== "warn";
  const own = askedOfPlugin(input.policy ?? {});
  const vouching = own.flatMap(({ by }) =>
    by.map(({ path, input: authority }) => ({
      path: ["plugins", index, "policy", ...path],
      input: authority,
    })),
  );
  const { policy: _, mode: __, ...said } = input;
  return {
    name,
    blocks,
    proves: false,
    by: [...vouching, ...signers],
    conditions: {
      ...said,
      own: own.map((asked) => [asked.name, asked.blocks, asked.conditions]),
    },
    make: (authorities, context) =>
      requirementOf(
        { plugins, index, authorities: authorities.slice(vouching.length) },
        { name, blocks, context },
      ),
  };
}

function requirementOf(
  parts: {
    readonly plugins: readonly PluginInput[];
    readonly index: number;
    readonly authorities: readonly Authority[];
  },
  terms: {
    readonly name: string;
    readonly blocks: boolean;
    readonly context: PolicyContext;
  },
): Requirement {
  const { name, blocks, context } = terms;
  const [problem] = forbiddenPlugins(parts.plugins, context.allowedPlugins);
  if (problem) {
    throw unusablePolicy(problem, "or take the plugin out of the policy");
  }
  return {
    name,
    blocks,
    proves: false,
    needsAll: true,
    readsInside: false,
    authorities: [],
    judge: async (judged, reach) => {
      const { pluginAt } = await import("./plugin/plugin.ts");
      const { judgeByPlugin } = await import("./plugin/judge.ts");
      const plugins = parts.plugins.map((input, i) =>
        pluginAt(i, input, context),
      );
      const [own] = plugins.slice(parts.index);
      if (!own) throw new Error("there is no such plugin");
      const asked = { ...parts, blocks, plugin: own, plugins };
      return judgeByPlugin(asked, judged, reach);
    },
  };
}
