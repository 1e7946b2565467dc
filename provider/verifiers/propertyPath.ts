const plain = /^[A-Za-z_$][\w$]*$/;

/** A path as Pulumi writes it: `policy.signedBy[0].key.publicKey`, `policies["my vendors"].use`. */
export function propertyPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      return plain.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** The steps of such a path: `policy.signedBy[0]["a.b"]` has four. */
export function propertySteps(path: string): readonly string[] {
  const steps = path.matchAll(
    /\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g,
  );
  return [...steps].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
}
