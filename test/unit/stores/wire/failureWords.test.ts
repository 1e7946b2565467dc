import {
  noAnswer,
  proxyFailure,
} from "../../../../provider/stores/registry/wire/noAnswer";

function failure(code: string, message = `what the system says, ${code}`) {
  return Object.assign(new Error(message), { code });
}

test.each([
  [
    "ENOTFOUND",
    "is a name that DNS does not know here (ENOTFOUND); check the host's name",
  ],
  ["EAI_AGAIN", "DNS gave no answer (EAI_AGAIN)"],
  ["ECONNREFUSED", "refuses connections (ECONNREFUSED); check that it runs"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "set `plainHttp`"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "does not speak TLS at this port"],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "authority that is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE); set `caPem`",
  ],
  ["SELF_SIGNED_CERT_IN_CHAIN", "set `caPem`"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "set `caPem`"],
  ["CERT_HAS_EXPIRED", "have it renewed"],
  ["CERT_NOT_YET_VALID", "check this machine's clock"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "use the name that its certificate is for"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "set `clientCertPem`"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "does not accept our client certificate"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "check the host's `clientCertPem`"],
])("%s is told in words, with what to do about just that", (code, words) => {
  const { message } = noAnswer(failure(code), "reg.example");
  expect(message).toContain(words);
  expect(message.split(code)).toHaveLength(2);
});

test("of OpenSSL's line only what it means is told", () => {
  const line =
    "40ADA7DE547F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 40";
  const code = "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE";
  expect(noAnswer(failure(code, line), "reg.example").message).toContain(
    `gave no answer (${code}: sslv3 alert handshake failure);`,
  );
});

test("an error without code or words is told as unknown", () => {
  expect(noAnswer({}, "reg.example").message).toContain("(unknown)");
});

test("W13: a proxy that refuses connections, or fails, is what the message is about", () => {
  const proxy = new URL("http://user:canary@proxy.example:3128");
  const refused = proxyFailure(failure("ECONNREFUSED"), "reg.example", proxy);
  expect(refused.message).toContain(
    "the proxy http://proxy.example:3128 before reg.example refuses connections",
  );
  const answer = "Proxy response (502) !== 200 when HTTP Tunneling";
  const failed = failure("UND_ERR_ABORTED", answer);
  const broken = proxyFailure(failed, "reg.example", proxy);
  expect(broken.message).toContain(
    "the proxy http://proxy.example:3128 before reg.example answers 502; check the proxy",
  );
  expect(broken.reason.retryable).toBe(true);
});

test("W13: a proxy that wants a login says so for a host in clear too, where there is no tunnel", () => {
  const proxy = new URL("http://proxy.example:3128");
  const words = "Proxy Authentication Required (407)";
  const wanted = failure("UND_ERR_INVALID_ARG", words);
  expect(proxyFailure(wanted, "reg.example", proxy)).toMatchObject({
    code: "AUTH_DENIED",
    reason: {
      why: "the proxy http://proxy.example:3128 before reg.example answers 407",
    },
  });
});
