import { exceptions } from "../../../../provider/stores/registry/wire/noProxy";

test.each([
  ["*", "https://any.example", true],
  ["", "https://any.example", false],
  ["reg.example", "https://reg.example/v2/", true],
  ["reg.example", "https://sub.reg.example", true],
  ["reg.example", "https://evilreg.example", false],
  ["reg.example", "https://reg.example.evil", false],
  ["REG.example", "https://reg.example", true],
  [".reg.example", "https://sub.reg.example", true],
  [".reg.example", "https://reg.example", false],
  ["*.reg.example", "https://sub.reg.example", true],
  ["*.reg.example", "https://reg.example", false],
  ["reg.example:5000", "https://reg.example:5000", true],
  ["reg.example:5000", "https://reg.example", false],
  ["reg.example:443", "https://reg.example", true],
  ["reg.example:80", "http://reg.example", true],
  ["a, b\treg.example", "https://reg.example", true],
  ["10.1.2.3", "https://10.1.2.3", true],
  ["10.1.2.3", "https://110.1.2.3", false],
  ["10.1.2.3:5000", "https://10.1.2.3:5000", true],
  ["10.0.0.0/8", "https://10.255.0.1:5000", true],
  ["10.0.0.0/8", "https://11.0.0.1", false],
  ["127.0.0.0/8", "http://127.8.9.1", true],
  ["0.0.0.0/0", "https://8.8.8.8", true],
  ["0.0.0.0/0", "https://dns.example", false],
  ["fd00::/8", "https://[fd12:3456::1]", true],
  ["fd00::/8", "https://[fe80::1]", false],
  ["fd00::/8", "https://10.0.0.1", false],
  ["::1", "https://[::1]:5000", true],
  ["[::1]:5000", "https://[::1]:5000", true],
  ["[::1]:5000", "https://[::1]", false],
  ["reg.example", "https://reg.example./", true],
])("W13: NO_PROXY=%j and %s: %s", (noProxy, url, isExcepted) => {
  expect(exceptions(noProxy)(new URL(url))).toBe(isExcepted);
});

test.each(["10.0.0.0/33", "fd00::/129", "reg.example/8", "/8", "10.0.0.0/x"])(
  "W13: %s in NO_PROXY is no network, and fails loudly",
  (entry) => {
    expect(() => exceptions(`a,${entry}`)).toThrow(/is not a network/);
  },
);
