import {
  ListValue,
  NullValue,
  Struct,
  Value,
} from "google-protobuf/google/protobuf/struct_pb";
import {
  decodeValues,
  encodeValues,
  type MarkedValues,
  type Wire,
  type WireValues,
} from "../marked";

/** What a Struct says, envelopes opened and sentinels known. */
export function fromStruct(struct: Struct): MarkedValues {
  return decodeValues(readStruct(struct));
}

/** Throws `INVALID_INPUT` for what a Struct cannot carry. */
export function toStruct(values: MarkedValues): Struct {
  return writeStruct(encodeValues(values));
}

function readStruct(struct: Struct): WireValues {
  const fields = struct.getFieldsMap();
  const names = fields.getEntryList().map(([name]) => name);
  return Object.fromEntries(
    names.map((name) => [name, readValue(fields.get(name))]),
  );
}

function readValue(value: Value | undefined): Wire {
  switch (value?.getKindCase()) {
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRUCT_VALUE:
      return readStruct(value.getStructValue() ?? new Struct());
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(readValue);
    default:
      return null;
  }
}

function writeStruct(values: WireValues): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [name, value] of Object.entries(values)) {
    fields.set(name, writeValue(value));
  }
  return struct;
}

function writeValue(value: Wire): Value {
  const written = new Value();
  if (value === null) return written.setNullValue(NullValue.NULL_VALUE);
  if (typeof value === "boolean") return written.setBoolValue(value);
  if (typeof value === "string") return written.setStringValue(value);
  if (typeof value === "number") return written.setNumberValue(value);
  if (!isList(value)) return written.setStructValue(writeStruct(value));
  const items = value.map(writeValue);
  return written.setListValue(new ListValue().setValuesList(items));
}

function isList(value: readonly Wire[] | WireValues): value is readonly Wire[] {
  return Array.isArray(value);
}
