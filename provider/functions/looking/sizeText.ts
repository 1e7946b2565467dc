const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes as people read it: `1.2 MiB`. */
export function sizeText(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const shown =
    unit === 0 || amount >= 100 ? amount.toFixed(0) : amount.toFixed(1);
  return `${shown} ${units[unit]}`;
}
