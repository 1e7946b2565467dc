/** The imports of a generated file at the root, only those that its body uses. */
export function importsOf(body: string): string {
  const typed = [
    ["inputs", "input"],
    ["outputs", "output"],
  ].flatMap(([name, file]) =>
    new RegExp(`\\b${name}\\.`).test(body)
      ? [`import * as ${name} from "./types/${file}";\n`]
      : [],
  );
  return [
    `import * as pulumi from "@pulumi/pulumi";\n`,
    ...typed,
    `import * as utilities from "./utilities";\n\n`,
  ].join("");
}
