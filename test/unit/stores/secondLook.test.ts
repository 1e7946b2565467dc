import type { Notice } from "../../../provider/mirror/ports";
import { counts } from "../../registry/recorder";
import { node, useShop } from "./shop";

const { reading } = useShop();
const gone = {
  status: 404,
  headers: { "content-type": "application/json" },
  body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}',
};

describe("§1.8: a second look before something counts as gone", () => {
  test("is two seconds later, and is believed", async () => {
    const { registry, store, reach, clock } = await reading();
    registry.deleteTag("team/app", "1");
    await expect(store.resolve("1", reach, "twice")).resolves.toBeUndefined();
    expect(clock.waits).toEqual([2000]);
    expect(counts(registry.requests)).toEqual({
      "HEAD manifest": 2,
      "GET manifest": 2,
    });
  });

  test("finds what the registry had forgotten for a moment, and the wait is said", async () => {
    const { registry, store, reach } = await reading();
    for (const method of ["HEAD", "GET"])
      registry.misbehave({ method, path: /manifests/, action: gone });
    const notices: Notice[] = [];
    const listening = {
      ...reach,
      notice: (notice: Notice) => void notices.push(notice),
    };
    await expect(store.resolve("1", listening, "twice")).resolves.toMatchObject(
      { digest: node.descriptor.digest },
    );
    expect(notices).toEqual([
      {
        kind: "waiting",
        text: `${registry.host} says that ${registry.host}/team/app:1 is gone; looking again in 2 s`,
      },
    ]);
  });

  test("is not needed for what is there", async () => {
    const { registry, store, reach, clock } = await reading();
    await store.resolve("1", reach, "twice");
    expect(clock.waits).toEqual([]);
    expect(counts(registry.requests)).toEqual({ "HEAD manifest": 1 });
  });

  test("is not taken where absence is expected: a plan asks once", async () => {
    const { registry, store, reach, clock } = await reading();
    await expect(store.resolve("2", reach)).resolves.toBeUndefined();
    expect(clock.waits).toEqual([]);
    expect(counts(registry.requests)).toEqual({
      "HEAD manifest": 1,
      "GET manifest": 1,
    });
  });

  test("that cannot be taken proves nothing", async () => {
    const { registry, store, reach } = await reading();
    registry.deleteTag("team/app", "1");
    registry.misbehave({
      method: "HEAD",
      path: /manifests/,
      nth: 2,
      action: { status: 502 },
      times: Infinity,
    });
    await expect(store.resolve("1", reach, "twice")).rejects.toMatchObject({
      code: "REGISTRY_UNAVAILABLE",
    });
  });
});
