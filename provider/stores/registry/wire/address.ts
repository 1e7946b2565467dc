import { BlockList, isIP } from "node:net";

/** What kind of place an IP address is, for the policy of §3.2. */
export type AddressKind = "forbidden" | "private" | "public";

const forbidden = new BlockList();
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addSubnet("127.0.0.0", 8, "ipv4");
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("224.0.0.0", 3, "ipv4");
forbidden.addSubnet("::", 127, "ipv6");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("ff00::", 8, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("fd20:ce::254", "ipv6"); // Google's metadata server

const inside = new BlockList();
inside.addSubnet("10.0.0.0", 8, "ipv4");
inside.addSubnet("172.16.0.0", 12, "ipv4");
inside.addSubnet("192.168.0.0", 16, "ipv4");
inside.addSubnet("100.64.0.0", 10, "ipv4");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fec0::", 10, "ipv6");
inside.addSubnet("64:ff9b:1::", 48, "ipv6"); // a network's own NAT64

/** Tells loopback, link-local, multicast and unspecified addresses from private and public ones. IPv4 inside IPv6 counts as IPv4. */
export function addressKind(address: string): AddressKind {
  const plain = embedded(address);
  const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
  if (forbidden.check(plain, family)) return "forbidden";
  return inside.check(plain, family) ? "private" : "public";
}

/** The address that a URL's host spells out, whatever its form: `URL` has already read octal, hex and short ones. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost")) return "127.0.0.1";
  return isIP(host) ? host : undefined;
}

/** `::ffff:a.b.c.d`, `::ffff:0:a.b.c.d`, `::a.b.c.d`, `64:ff9b::a.b.c.d` and `2002:` (6to4) lead to the IPv4 address inside. */
function embedded(address: string): string {
  if (isIP(address) !== 6) return address;
  const canonical = new URL(
    `http://[${address.split("%")[0]}]/`,
  ).hostname.slice(1, -1);
  const match =
    /^(?:::ffff:(?:0:)?|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(
      canonical,
    ) ?? /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/.exec(canonical);
  const [high, low] = [match?.[1], match?.[2]].map((part) =>
    Number.parseInt(part ?? "", 16),
  );
  if (
    high === undefined ||
    low === undefined ||
    Number.isNaN(high) ||
    Number.isNaN(low)
  )
    return canonical;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
