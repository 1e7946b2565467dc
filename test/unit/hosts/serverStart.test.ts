import { status } from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { token, urn } from "./fakeProvider";
import { ask, configure, handshake, struct } from "./pluginClient";
import { failed, pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("the start", () => {
  test("Handshake takes secrets and outputs as they are, GetPluginInfo says the package's version", async () => {
    await plugin.bare();
    const hands = await ask<
      rpc.ProviderHandshakeRequest,
      rpc.ProviderHandshakeResponse
    >(
      plugin.client.handshake.bind(plugin.client),
      handshake(plugin.engine.address),
    );
    expect(hands.toObject()).toMatchObject({
      acceptSecrets: true,
      acceptOutputs: true,
      acceptResources: false,
    });
    const { version } = (
      await ask<Empty, { toObject(): { version: string } }>(
        plugin.client.getPluginInfo.bind(plugin.client),
        new Empty(),
      )
    ).toObject();
    expect(version).toBe("1.2.3");
  });

  test("GetSchema answers the package's schema", async () => {
    await plugin.bare();
    const response = await ask<rpc.GetSchemaRequest, rpc.GetSchemaResponse>(
      plugin.client.getSchema.bind(plugin.client),
      new rpc.GetSchemaRequest(),
    );
    expect(JSON.parse(response.getSchema())).toMatchObject({
      name: "artifact-mirror",
      resources: { [token]: { inputProperties: { source: {} } } },
    });
  });

  test("Configure opens the world with the configuration and supports preview", async () => {
    await plugin.bare();
    const response = await ask<rpc.ConfigureRequest, rpc.ConfigureResponse>(
      plugin.client.configure.bind(plugin.client),
      configure({
        registries: '["reg.example"]',
        allowUnverified: "false",
        pluginDownloadURL: "x",
      }),
    );
    expect(response.toObject()).toMatchObject({
      acceptsecrets: true,
      supportspreview: true,
      acceptoutputs: true,
      acceptresources: false,
    });
    expect(plugin.fake.configured).toEqual([
      { registries: ["reg.example"], allowUnverified: false },
    ]);
  });

  test("Configure refuses what CheckConfig would refuse, because it may run alone", async () => {
    await plugin.bare();
    const error = await failed(
      ask(
        plugin.client.configure.bind(plugin.client),
        configure({ wrong: "x" }),
      ),
    );
    expect(error.code).toBe(status.UNKNOWN);
    expect(error.details).toContain("wrong");
  });

  test.each(["parameterize", "call", "construct"] as const)(
    "%s is not implemented",
    async (method) => {
      await plugin.bare();
      const requests = {
        parameterize: () =>
          ask(
            plugin.client.parameterize.bind(plugin.client),
            new rpc.ParameterizeRequest(),
          ),
        call: () =>
          ask(plugin.client.call.bind(plugin.client), new rpc.CallRequest()),
        construct: () =>
          ask(
            plugin.client.construct.bind(plugin.client),
            new rpc.ConstructRequest(),
          ),
      };
      expect((await failed(requests[method]())).code).toBe(
        status.UNIMPLEMENTED,
      );
    },
  );

  test("an unknown function is named in the error", async () => {
    await plugin.start();
    const request = new rpc.InvokeRequest()
      .setTok("artifact-mirror:index:getMoon")
      .setArgs(struct({}));
    const error = await failed(
      ask(plugin.client.invoke.bind(plugin.client), request),
    );
    expect(error.details).toContain("artifact-mirror:index:getMoon");
  });

  test("an unknown resource is named in the error, beside the known ones", async () => {
    await plugin.start();
    const request = new rpc.CheckRequest()
      .setUrn(urn("a"))
      .setType("artifact-mirror:index:Moon")
      .setNews(struct({}));
    const error = await failed(
      ask(plugin.client.check.bind(plugin.client), request),
    );
    expect(error.details).toContain("artifact-mirror:index:Moon");
    expect(error.details).toContain(token);
  });

  test("a call before Configure fails with words, not with a crash", async () => {
    await plugin.bare();
    expect((await failed(plugin.create(inputs))).details).toContain(
      "configured",
    );
  });
});
