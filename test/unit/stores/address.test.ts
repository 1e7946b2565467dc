import {
  addressKind,
  literalAddress,
} from "../../../provider/stores/registry/wire/address";
import { endpointsOf } from "../../../provider/stores/registry/endpoints";
import { parseDigest } from "../../../provider/oci/digest";

test.each([
  ["127.0.0.1", "forbidden"],
  ["0.0.0.0", "forbidden"],
  ["169.254.169.254", "forbidden"],
  ["224.0.0.1", "forbidden"],
  ["255.255.255.255", "forbidden"],
  ["::", "forbidden"],
  ["::1", "forbidden"],
  ["fe80::1", "forbidden"],
  ["fe80::1%eth0", "forbidden"],
  ["ff02::1", "forbidden"],
  ["fd00:ec2::254", "forbidden"],
  ["::ffff:127.0.0.1", "forbidden"],
  ["::ffff:a9fe:a9fe", "forbidden"],
  ["64:ff9b::7f00:1", "forbidden"],
  ["fd20:ce::254", "forbidden"],
  ["2002:7f00:1::1", "forbidden"],
  ["2002:a00:1::1", "private"],
  ["::ffff:0:7f00:1", "forbidden"],
  ["64:ff9b:1::808:808", "private"],
  ["fec0::1", "private"],
  ["2002:808:808::1", "public"],
  ["::ffff:10.0.0.1", "private"],
  ["10.1.2.3", "private"],
  ["172.31.0.1", "private"],
  ["192.168.1.1", "private"],
  ["fd12::1", "private"],
  ["172.32.0.1", "public"],
  ["8.8.8.8", "public"],
  ["2606:4700::1111", "public"],
])("§3.2: %s is %s", (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

test.each([
  ["https://0x7f000001/", "127.0.0.1"],
  ["https://017700000001/", "127.0.0.1"],
  ["https://127.1/", "127.0.0.1"],
  ["https://127.0.0.1./", "127.0.0.1"],
  ["https://[::1]/", "::1"],
  ["https://localhost/", "127.0.0.1"],
  ["https://a.localhost./", "127.0.0.1"],
  ["https://example.com/", undefined],
])("§3.2: %s spells out %s", (url, address) => {
  expect(literalAddress(new URL(url))).toBe(address);
});

describe("W05, W06: addresses", () => {
  test.each([
    [
      "docker.io",
      "https://registry-1.docker.io/v2/library/nginx/manifests/1.27",
    ],
    [
      "index.docker.io",
      "https://registry-1.docker.io/v2/library/nginx/manifests/1.27",
    ],
    [
      "reg.example:5000",
      "https://reg.example:5000/v2/library/nginx/manifests/1.27",
    ],
  ])("%s", (registry, url) => {
    expect(
      endpointsOf({
        registry,
        name: "library/nginx",
        plainHttp: false,
      }).manifest("1.27").href,
    ).toBe(url);
  });

  test.each(["..", "a/../../x", "a?b", "a#b", "a%2fb", "%2e%2e", "a\\b"])(
    "no name or tag %j leaves the repository",
    (text) => {
      const endpoints = endpointsOf({
        registry: "reg.example",
        name: "team/app",
        plainHttp: false,
      });
      const { href, search } = endpoints.manifest(text);
      expect([
        href.startsWith("https://reg.example/v2/team/app/"),
        search,
      ]).toEqual([true, ""]);
    },
  );

  test("a digest stands in a path as it is", () => {
    const digest = parseDigest(`sha256:${"a".repeat(64)}`);
    expect(
      endpointsOf({ registry: "h", name: "a", plainHttp: true }).blob(digest)
        .href,
    ).toBe(`http://h/v2/a/blobs/${digest}`);
  });
});
