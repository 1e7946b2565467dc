/** A pure function that works once for each argument, and keeps at most `maxKept` results; what throws is not kept. */
export function once<Argument, Result extends object | string>(
  work: (argument: Argument) => Result,
  maxKept: number,
): (argument: Argument) => Result {
  const kept = new Map<Argument, Result>();
  return (argument) => {
    const known = kept.get(argument);
    if (known !== undefined) return known;
    const result = work(argument);
    if (kept.size >= maxKept) kept.clear();
    kept.set(argument, result);
    return result;
  };
}
