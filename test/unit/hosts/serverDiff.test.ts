import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { type Change } from "../../../provider/mirror/lifecycle";
import { secret, struct } from "./pluginClient";
import { diffRequest, pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("Diff", () => {
  const changes: readonly Change[] = [
    { path: "digest", kind: "update", inputDiff: false },
    {
      path: "policy.signedBy[0].keyless.identity",
      kind: "update",
      inputDiff: true,
    },
    { path: "policy.signedBy[1]", kind: "add", inputDiff: true },
    { path: "destination", kind: "update-replace", inputDiff: true },
  ];

  test("tells every path, its top-level names, and what replaces", async () => {
    await plugin.start({ pending: () => changes });
    const response = await plugin.diff(diffRequest(inputs, inputs));
    expect(response.toObject()).toMatchObject({
      changes: rpc.DiffResponse.DiffChanges.DIFF_SOME,
      diffsList: ["digest", "policy", "destination"],
      replacesList: ["destination"],
      hasdetaileddiff: true,
      deletebeforereplace: false,
      detaileddiffMap: [
        [
          "destination",
          { kind: rpc.PropertyDiff.Kind.UPDATE_REPLACE, inputdiff: true },
        ],
        ["digest", { kind: rpc.PropertyDiff.Kind.UPDATE, inputdiff: false }],
        [
          "policy.signedBy[0].keyless.identity",
          { kind: rpc.PropertyDiff.Kind.UPDATE, inputdiff: true },
        ],
        [
          "policy.signedBy[1]",
          { kind: rpc.PropertyDiff.Kind.ADD, inputdiff: true },
        ],
      ],
    });
  });

  test("no change is no change", async () => {
    await plugin.start();
    const response = await plugin.diff(diffRequest(inputs, inputs));
    expect(response.getChanges()).toBe(rpc.DiffResponse.DiffChanges.DIFF_NONE);
    expect(response.getHasdetaileddiff()).toBe(true);
  });

  test.each<[readonly string[], readonly string[]]>([
    [
      ["digest"],
      [
        "policy.signedBy[0].keyless.identity",
        "policy.signedBy[1]",
        "destination",
      ],
    ],
    [["policy"], ["digest", "destination"]],
    [["policy.signedBy[0]"], ["digest", "policy.signedBy[1]", "destination"]],
    [
      ["policy.signedBy[*].keyless"],
      ["digest", "policy.signedBy[1]", "destination"],
    ],
    [["*"], []],
  ])("ignoreChanges %p leaves %p", async (ignored, left) => {
    await plugin.start({ pending: () => changes });
    const response = await plugin.diff(
      diffRequest(inputs, inputs).setIgnorechangesList([...ignored]),
    );
    expect(
      response
        .getDetaileddiffMap()
        .getEntryList()
        .map(([path]) => path)
        .sort(),
    ).toEqual([...left].sort());
  });

  test("hands on state, new and old inputs and the list, all plain", async () => {
    await plugin.start();
    const olds = { ...inputs, digest: secret("sha256:1"), __provider: "code" };
    await plugin.diff(
      diffRequest(olds, inputs)
        .setOldInputs(struct(inputs))
        .setIgnorechangesList(["digest"]),
    );
    expect(plugin.fake.asked).toEqual([
      [
        "pending",
        {
          inputs,
          oldInputs: inputs,
          ignoreChanges: ["digest"],
          state: { ...inputs, digest: "sha256:1", __provider: "code" },
        },
      ],
    ]);
  });
});
