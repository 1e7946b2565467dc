/** A value as CBOR (RFC 8949), shortest form. */
export type Cbor =
  | string
  | number
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<string | number, Cbor>
  | Tagged;

/** A value under a tag. */
export interface Tagged {
  readonly tag: number;
  readonly value: Cbor;
}

/** CBOR's bytes of a value. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === "string") {
    return head(3, Buffer.byteLength(value), Buffer.from(value));
  }
  if (typeof value === "number") {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  if (value instanceof Uint8Array) return head(2, value.length, value);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, one]) => [cbor(key), cbor(one)]);
    return head(5, value.size, ...entries);
  }
  if (isTagged(value)) return head(6, value.tag, cbor(value.value));
  if (isList(value)) return head(4, value.length, ...value.map(cbor));
  throw new Error("no CBOR");
}

function isList(value: unknown): value is readonly Cbor[] {
  return Array.isArray(value);
}

function isTagged(value: object): value is Tagged {
  return "tag" in value;
}

function head(
  major: number,
  count: number,
  ...content: readonly Uint8Array[]
): Buffer {
  return Buffer.concat([initial(major << 5, count), ...content]);
}

function initial(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([major | count]);
  const power = [0, 1, 2].find((size) => count < 256 ** (1 << size)) ?? 2;
  const bytes = Buffer.alloc(1 + (1 << power), major | (24 + power));
  bytes.writeUIntBE(count, 1, 1 << power);
  return bytes;
}
