import type { AuthorityInput } from "../../../provider/verifiers/authorities/catalog";
import { image, type Blob } from "../../samples/artifacts";
import {
  attestationLayer,
  dsseEntry,
  hashedRekord,
  signatureLayer,
} from "../../samples/legacyEvidence";
import { keySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type LogEntry,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import { changed, codeOf, evidenceOf, type Editable } from "./world";

const subject = image().descriptor;
const other = image({ seed: "other" }).descriptor;
const issuer = "https://issuer.example";
const identity = "https://acme.example/app";
const annotation = "dev.sigstore.cosign/bundle";
const signature = "dev.cosignproject.cosign/signature";
const predicateType = "https://spdx.dev/Document";

let world: SigstoreWorld;
let signer: Signer;
beforeAll(async () => {
  world = await createSigstoreWorld();
  signer = keySigner();
});

function keyOf(by: Signer, trustedRoot = world.trustedRoot): AuthorityInput {
  return { key: { publicKey: by.publicKeyPem, trustedRoots: [trustedRoot] } };
}

function withBundle(layer: Blob, change: (bundle: Editable) => void): Blob {
  const text = layer.annotations?.[annotation] ?? "";
  return {
    ...layer,
    annotations: {
      ...layer.annotations,
      [annotation]: changed(text, change).toString(),
    },
  };
}

function withEntry(layer: Blob, entry: LogEntry): Blob {
  const { body, integratedTime, logIndex, logID, verification } = entry;
  const bundle = {
    SignedEntryTimestamp: verification.signedEntryTimestamp,
    Payload: { body, integratedTime, logIndex, logID },
  };
  return {
    ...layer,
    annotations: { ...layer.annotations, [annotation]: JSON.stringify(bundle) },
  };
}

function signatureOf(layer: Blob): Buffer {
  return Buffer.from(layer.annotations?.[signature] ?? "", "base64");
}

async function legacy(by: Signer = signer): Promise<Blob> {
  return signatureLayer(subject, by, { log: world });
}

const judged = (layer: Blob, input = keyOf(signer)) =>
  codeOf(input, evidenceOf(subject, layer, "sig"));

test("a signature that is in no log is refused where a log is required", async () => {
  expect(await judged(await signatureLayer(subject, signer))).toBe(
    "TLOG_MISSING",
  );
});

test("T11: a log entry of the same signature that names another key is refused", async () => {
  const layer = await legacy();
  const entry = await world.log(
    hashedRekord(layer.bytes, signatureOf(layer), keySigner()),
  );
  expect(await judged(withEntry(layer, entry))).toBe("TLOG_MISMATCH");
});

test("T11: a log entry that names another certificate is refused", async () => {
  const mine = await world.keyless({ issuer, identity });
  const theirs = await world.keyless({ issuer, identity });
  const layer = await legacy(mine);
  const entry = await world.log(
    hashedRekord(layer.bytes, signatureOf(layer), theirs),
  );
  const keyless = {
    keyless: { issuer, identity, trustedRoots: [world.trustedRoot] },
  };
  expect(await judged(withEntry(layer, entry), keyless)).toBe("TLOG_MISMATCH");
  expect(await judged(layer, keyless)).toBe("OK");
});

test("T11: a bare key in the entry of a certificate's signature is refused", async () => {
  const mine = await world.keyless({ issuer, identity });
  const layer = await legacy(mine);
  const bare = {
    publicKeyPem: mine.publicKeyPem,
    hint: mine.hint,
    sign: mine.sign,
  };
  const entry = await world.log(
    hashedRekord(layer.bytes, signatureOf(layer), bare),
  );
  const keyless = {
    keyless: { issuer, identity, trustedRoots: [world.trustedRoot] },
  };
  expect(await judged(withEntry(layer, entry), keyless)).toBe("TLOG_MISMATCH");
});

test("T11: the log entry of another artifact is refused", async () => {
  const layer = await legacy();
  const foreign = await signatureLayer(other, signer);
  const entry = await world.log(
    hashedRekord(foreign.bytes, signatureOf(foreign), signer),
  );
  expect(await judged(withEntry(layer, entry))).toBe("TLOG_MISMATCH");
});

test("T12: a log entry with another signature is refused", async () => {
  const layer = await legacy();
  const entry = await world.log(
    hashedRekord(layer.bytes, signer.sign(layer.bytes), signer),
  );
  expect(await judged(withEntry(layer, entry))).toBe("TLOG_MISMATCH");
});

test("T12: a log entry with another hash is refused", async () => {
  const layer = await legacy();
  const entry = await world.log(
    hashedRekord(Buffer.from("other"), signatureOf(layer), signer),
  );
  expect(await judged(withEntry(layer, entry))).toBe("TLOG_MISMATCH");
});

test.each(["dsse", "intoto"] as const)(
  "T12: a log entry of kind %s for another envelope is refused",
  async (kind) => {
    const layer = await attestationLayer(subject, signer, {
      predicateType,
      kind,
      log: world,
    });
    const foreign = await attestationLayer(other, signer, {
      predicateType,
      kind,
      log: world,
    });
    const mixed = {
      ...layer,
      annotations: {
        ...layer.annotations,
        [annotation]: foreign.annotations?.[annotation] ?? "",
      },
    };
    expect(await judged(layer)).toBe("OK");
    expect(await judged(mixed)).toBe("TLOG_MISMATCH");
  },
);

test("T12: a dsse entry about the same payload in another envelope is refused", async () => {
  const layer = await attestationLayer(subject, signer, {
    predicateType,
    log: world,
  });
  const envelope = JSON.parse(layer.bytes.toString());
  const entry = await world.log(
    dsseEntry(Buffer.from("other"), envelope, signer),
  );
  expect(await judged(withEntry(layer, entry))).toBe("TLOG_MISMATCH");
});

test("T13: a promise with a bit flipped is refused", async () => {
  const layer = withBundle(await legacy(), (bundle) => {
    const promise = Buffer.from(bundle.SignedEntryTimestamp, "base64");
    promise.writeUInt8(
      promise.readUInt8(promise.length - 1) ^ 1,
      promise.length - 1,
    );
    bundle.SignedEntryTimestamp = promise.toString("base64");
  });
  expect(await judged(layer)).toBe("TLOG_INVALID");
});

test("T13: the promise of an unknown log is refused", async () => {
  const log = await createSigstoreWorld();
  expect(await judged(await signatureLayer(subject, signer, { log }))).toBe(
    "TLOG_INVALID",
  );
});

test("T13: a promise made outside the log key's validity is refused", async () => {
  const root = changed(world.trustedRoot, ({ tlogs }) => {
    tlogs[0].publicKey.validFor.start = "2020-01-01T00:00:00Z";
    tlogs[0].publicKey.validFor.end = "2021-01-01T00:00:00Z";
  });
  expect(await judged(await legacy(), keyOf(signer, root.toString()))).toBe(
    "TLOG_INVALID",
  );
});

test.each(["dsse", "intoto"] as const)(
  "T13: a promise about a %s entry outside the log key's validity is refused",
  async (kind) => {
    const root = changed(world.trustedRoot, ({ tlogs }) => {
      tlogs[0].publicKey.validFor.end = "2021-01-01T00:00:00Z";
      tlogs[0].publicKey.validFor.start = "2020-01-01T00:00:00Z";
    });
    const layer = await attestationLayer(subject, signer, {
      predicateType,
      kind,
      log: world,
    });
    expect(await judged(layer, keyOf(signer, root.toString()))).toBe(
      "TLOG_INVALID",
    );
  },
);

test("T15: a legacy promise with its time changed is refused", async () => {
  const layer = withBundle(await legacy(), ({ Payload }) => {
    Payload.integratedTime -= 60;
  });
  expect(await judged(layer)).toBe("TLOG_INVALID");
});

test("a log entry of a kind nobody knows is refused", async () => {
  const entry = await world.log({
    kind: "rfc3161",
    apiVersion: "0.0.1",
    spec: {},
  });
  expect(await judged(withEntry(await legacy(), entry))).toBe(
    "UNSUPPORTED_FORMAT",
  );
});
