import { asked, sum, type Process } from "./process";
import { bytesOf } from "../../samples/artifacts";
import { sha256 } from "../../samples/target";
import { bare, counting, layered, type Counting } from "./published";

const base = Array.from({ length: 19 }, (_, at) => `base ${at}`);

/** Mirrors an image of twenty layers, and then the next one, of which one layer is new. */
async function update(
  { source, destination, publish }: Counting,
  { first, next }: { readonly first: Process; readonly next: Process },
  name = "app",
) {
  const inputs = {
    ...(await publish(layered([...base, "old"]), "not", name)),
    ...bare,
  };
  const state = await first.up(inputs);
  asked(source);
  asked(destination);
  await publish(layered([...base, `new ${name}`]), "not", name);
  await next.up(inputs, state);
  return { source: asked(source), destination: asked(destination) };
}

test("§3.4: one layer new of twenty is 4 + 11 requests: the manifest itself asks for all blobs at once", () =>
  counting(async (scene) => {
    const found = await update(scene, {
      first: scene.open(),
      next: scene.open(),
    });
    expect(found.source).toMatchObject({
      "HEAD manifest": 1,
      "GET manifest": 1,
      "GET blob": 2,
    });
    expect(found.destination).toMatchObject({
      "HEAD manifest": 3, // the tag, the root, the tag read back
      "HEAD blob": 1, // the config: known to be missing, it proves what this host does
      "PUT manifest": 3, // refused with what is missing; taken; the tag
      "POST upload": 2,
      "PUT upload": 2,
    });
    expect([sum(found.source), sum(found.destination)]).toEqual([4, 11]);
  }));

test("§3.4: the second update of a process needs no proof any more: 4 + 10", () =>
  counting(async (scene) => {
    const next = scene.open();
    await update(scene, { first: scene.open(), next });
    const found = await update(scene, { first: scene.open(), next }, "other");
    expect([sum(found.source), sum(found.destination)]).toEqual([4, 10]);
    expect(found.destination["HEAD blob"]).toBeUndefined();
  }));

test("a tag that goes back to what is there already is written, and nothing else", () =>
  counting(async ({ source, destination, open, publish }) => {
    const old = layered([...base, "old"]);
    const inputs = { ...(await publish(old, "not")), ...bare };
    const state = await open().up(inputs);
    await publish(layered([...base, "new"]), "not");
    await open().up(inputs, state);
    await publish(old, "not");
    asked(source);
    asked(destination);
    await open().up(inputs, state);
    // the root is there, which proves nothing about its parts: each is asked for
    const found = asked(destination);
    expect(found).toMatchObject({ "HEAD blob": 21, "PUT manifest": 1 });
    expect(found["POST upload"]).toBeUndefined();
  }));

test("a host that takes what is incomplete is offered nothing any more, and gets every blob", () =>
  counting(async (scene) => {
    const { destination } = scene;
    const next = scene.open();
    // the offer is taken, whatever it names
    destination.misbehave({
      method: "PUT",
      path: /app\/manifests\/sha256/,
      nth: 2,
      action: { status: 201 },
    });
    const found = await update(scene, { first: scene.open(), next });
    expect(found.destination).toMatchObject({ "POST upload": 21 });
    const again = await update(scene, { first: scene.open(), next }, "other");
    expect(again.destination).toMatchObject({
      "POST upload": 21,
      "PUT manifest": 2,
    });
  }));

test.each(["first", "config"] as const)(
  "§3.4: a registry that names only %s of what is missing gets all of it, and nobody waits for what never was there",
  (missingBlobs) =>
    counting(
      async (scene) => {
        const { destination } = scene;
        const next = scene.open();
        const began = performance.now();
        for (const name of ["app", "other"]) {
          await update(scene, { first: scene.open(), next }, name);
          const layer = sha256(bytesOf(`new ${name}`, 1000));
          expect(destination.blob(`mirror/${name}`, layer)).toBeDefined();
        }
        expect(performance.now() - began).toBeLessThan(15_000);
      },
      { missingBlobs },
    ),
);
