const domain =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?$/;
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;

/** The scope of every repository. */
export const everywhere = "*";

/** Whether a registry scope is a whole repository, without scheme, tag or digest, as notation-go wants it. */
export function isScope(scope: string): boolean {
  const [host = "", ...path] = scope.split("/");
  return (
    domain.test(host) &&
    path.length > 0 &&
    path.every((name) => component.test(name))
  );
}

/** What scopes are about: statements of a trust policy. */
interface Scoped {
  readonly scopes: readonly string[];
}

/** The statement for a repository: the one that names it, else the one for all. */
export function statementFor<Statement extends Scoped>(
  statements: readonly Statement[],
  repository: string,
): Statement | undefined {
  return (
    statements.find(({ scopes }) => scopes.includes(repository)) ??
    statements.find(({ scopes }) => scopes.includes(everywhere))
  );
}
