import type { Message } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { CheckFailure, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import {
  isProperties,
  toJson,
  toProperties,
  type Json,
  type Properties,
} from "./values";

/** How a field is written in JSON. */
export type Kind =
  | "scalar"
  | "struct"
  | "strings"
  | "bytes"
  | "texts"
  | "failures"
  | "details"
  | "changes";

/** A generated message class. */
export interface MessageType {
  new (): Message;
  deserializeBinary(bytes: Uint8Array): Message;
}

/** One protobuf message and its fields, by the names they have in protobuf's JSON form. */
export interface Shape {
  readonly type: MessageType;
  readonly fields: Readonly<Record<string, Kind>>;
}

const changes = ["DIFF_UNKNOWN", "DIFF_NONE", "DIFF_SOME"];
const kinds = [
  "ADD",
  "ADD_REPLACE",
  "DELETE",
  "DELETE_REPLACE",
  "UPDATE",
  "UPDATE_REPLACE",
];

/** Calls a generated accessor: google-protobuf writes `acceptSecrets` sometimes with a small `s`. */
function access(
  message: Message,
  accessor: string,
  values: readonly unknown[],
): unknown {
  const wanted = accessor.toLowerCase();
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(message));
  const name = names.find((candidate) => candidate.toLowerCase() === wanted);
  const method: unknown =
    name === undefined ? undefined : Reflect.get(message, name);
  if (typeof method !== "function")
    throw new Error(`${accessor}: no such field`);
  return Reflect.apply(method, message, values);
}

function entriesOf(map: unknown): [string, unknown][] {
  const entries: [string, unknown][] = [];
  if (typeof map !== "object" || map === null) return entries;
  Reflect.apply(Reflect.get(map, "forEach"), map, [
    (value: unknown, name: string) => entries.push([name, value]),
  ]);
  return entries;
}

function detailsOf(map: unknown): Properties {
  const details = entriesOf(map).map(([path, detail]): [string, Json] => {
    if (!(detail instanceof PropertyDiff)) throw new Error("no PropertyDiff");
    const kind = kinds[detail.getKind()] ?? "UPDATE";
    return [path, detail.getInputdiff() ? { kind, inputDiff: true } : { kind }];
  });
  return Object.fromEntries(details);
}

const readers: Record<
  Kind,
  (message: Message, name: string) => Json | undefined
> = {
  scalar: (message, name) => toJson(access(message, `get${name}`, []) ?? null),
  bytes: (message, name) => toJson(access(message, `get${name}_asB64`, [])),
  strings: (message, name) => toJson(access(message, `get${name}List`, [])),
  struct: (message, name) => {
    const struct = access(message, `get${name}`, []);
    return struct instanceof Struct ? toJson(struct.toJavaScript()) : undefined;
  },
  texts: (message, name) =>
    toJson(Object.fromEntries(entriesOf(access(message, `get${name}Map`, [])))),
  failures: (message, name) => {
    const list = access(message, `get${name}List`, []);
    const failures = Array.isArray(list) ? list : [];
    return failures.map((one: unknown) =>
      one instanceof CheckFailure ? toJson(one.toObject()) : null,
    );
  },
  details: (message, name) => detailsOf(access(message, `get${name}Map`, [])),
  changes: (message, name) =>
    changes[Number(access(message, `get${name}`, []))] ?? null,
};

function failure(value: Json): CheckFailure {
  const { property, reason } = toProperties(value);
  return new CheckFailure()
    .setProperty(String(property ?? ""))
    .setReason(String(reason));
}

function fillMap(map: unknown, entries: readonly [string, unknown][]): void {
  if (typeof map !== "object" || map === null) throw new Error("no map");
  for (const entry of entries)
    Reflect.apply(Reflect.get(map, "set"), map, entry);
}

function propertyDiff(value: Json): PropertyDiff {
  const { kind, inputDiff } = toProperties(value);
  const number = Math.max(0, kinds.indexOf(String(kind ?? "ADD")));
  const message = new PropertyDiff().setInputdiff(inputDiff === true);
  access(message, "setKind", [number]);
  return message;
}

type Writer = (message: Message, name: string, value: Json) => void;
const writers: Record<Kind, Writer> = {
  scalar: (message, name, value) => access(message, `set${name}`, [value]),
  bytes: (message, name, value) => access(message, `set${name}`, [value]),
  strings: (message, name, value) => access(message, `set${name}List`, [value]),
  struct: (message, name, value) =>
    access(message, `set${name}`, [
      Struct.fromJavaScript({ ...toProperties(value) }),
    ]),
  texts: (message, name, value) =>
    fillMap(
      access(message, `get${name}Map`, []),
      Object.entries(toProperties(value)),
    ),
  failures: (message, name, value) =>
    access(message, `set${name}List`, [
      Array.isArray(value) ? value.map(failure) : [],
    ]),
  details: (message, name, value) =>
    fillMap(
      access(message, `get${name}Map`, []),
      Object.entries(toProperties(value)).map(([path, one]) => [
        path,
        propertyDiff(one),
      ]),
    ),
  changes: (message, name, value) =>
    access(message, `set${name}`, [
      Math.max(0, changes.indexOf(String(value))),
    ]),
};

/** A message from its JSON form. Fields that the shape does not name are refused. */
function encode({ type, fields }: Shape, json: Properties): Message {
  const message = new type();
  for (const [name, value] of Object.entries(json)) {
    const kind = fields[name];
    if (kind === undefined) throw new Error(`${type.name} has no ${name} here`);
    writers[kind](message, name, value);
  }
  return message;
}

function isDefault(value: Json, kind: Kind): boolean {
  if (kind === "struct") return false;
  if (Array.isArray(value) || isProperties(value))
    return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false || value === null;
}

/** A message in protobuf's JSON form: fields with their default value are absent. */
function decode({ fields }: Shape, message: Message): Properties {
  const read = Object.entries(fields).flatMap(
    ([name, kind]): [string, Json][] => {
      const value = readers[kind](message, name);
      return value === undefined || isDefault(value, kind)
        ? []
        : [[name, value]];
    },
  );
  return Object.fromEntries(read);
}

export function toBytes(shapeOf: Shape, json: Properties): Buffer {
  return Buffer.from(encode(shapeOf, json).serializeBinary());
}

export function fromBytes(shapeOf: Shape, bytes: Uint8Array): Properties {
  return decode(shapeOf, shapeOf.type.deserializeBinary(bytes));
}
