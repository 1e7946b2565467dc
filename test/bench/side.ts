import { fork } from "node:child_process";
import { startRegistry } from "../registry/registry";
import { counts } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { offerLarge, type Offered } from "./largeArtifact";
import { startStreamingRegistry } from "./streamingRegistry";

/** `streaming` for blobs of any size, `full` with tokens and everything that the spec says. */
export type SideKind = "streaming" | "full";

/** Requests by what they were, as `HEAD manifest`; `token` and `challenge` apart. */
export type Counts = Readonly<Record<string, number>>;

/** One registry in a process of its own, so that it costs the one that measures nothing. */
export interface Side {
  readonly host: string;
  /** One signed image with a layer of so many made-up bytes. */
  offerLarge(size: number): Promise<Offered>;
  /** So many signed images of 8 KiB. */
  offerMany(count: number): Promise<readonly Offered[]>;
  /** Requests since the last time. */
  takeCounts(): Promise<Counts>;
  end(): void;
}

interface Question {
  readonly ask: "host" | "large" | "many" | "counts";
  readonly amount: number;
}

/** Starts this very program once more, as a registry. */
export async function startSide(kind: SideKind): Promise<Side> {
  const child = fork(process.argv[1] ?? "", ["--registry", kind]);
  const ask = <Answer>(question: Question["ask"], amount = 0) =>
    new Promise<Answer>((resolve, reject) => {
      const failed = (code: number | null) =>
        reject(new Error(`the ${kind} registry ended (${code})`));
      child.once("exit", failed);
      child.once("message", (answer) => {
        child.off("exit", failed);
        resolve(answer as Answer);
      });
      child.send({ ask: question, amount } satisfies Question);
    });
  return {
    host: await ask<string>("host"),
    offerLarge: (size) => ask("large", size),
    offerMany: (count) => ask("many", count),
    takeCounts: () => ask("counts"),
    end: () => void child.kill(),
  };
}

/** Serves as a registry until the parent is gone. */
export async function serveSide(kind: SideKind): Promise<void> {
  const side = kind === "full" ? await full() : await streaming();
  process.on("message", (question: Question) => {
    void side(question).then((answer) => process.send?.(answer));
  });
  process.on("disconnect", () => process.exit(0));
}

type Answering = (question: Question) => Promise<unknown>;

async function streaming(): Promise<Answering> {
  const registry = await startStreamingRegistry();
  return async ({ ask, amount }) => {
    if (ask === "host") return registry.host;
    if (ask === "large") return offerLarge(registry, amount);
    const counted = registry.counts();
    registry.reset();
    return counted;
  };
}

async function full(): Promise<Answering> {
  const registry = await startRegistry({ auth: "token" });
  return async ({ ask, amount }) => {
    if (ask === "host") return registry.host;
    if (ask === "many") return offerMany(registry, amount);
    const counted = counts(registry.requests);
    registry.resetRequests();
    return counted;
  };
}

async function offerMany(
  registry: Awaited<ReturnType<typeof startRegistry>>,
  count: number,
): Promise<readonly Offered[]> {
  const signer = keySigner();
  const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
  const offers = Array.from({ length: count }, async (_, at) => {
    const repository = `acme/small-${at}`;
    const target = inRegistry(registry, repository);
    const sample = image({ seed: `small-${at}`, layers: [4096, 4096] });
    const descriptor = await put(target, sample, "1");
    const layers = [await signatureLayer(descriptor, signer)];
    await attachLegacy(target, descriptor, { suffix: "sig", layers });
    return {
      source: `${registry.host}/${repository}:1`,
      digest: descriptor.digest,
      policy: { signedBy: [{ key }] },
    };
  });
  return Promise.all(offers);
}
