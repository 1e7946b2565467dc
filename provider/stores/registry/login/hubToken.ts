import type { Credential } from "../../../mirror/credential";
import { describeCredential } from "./describe";
import type { Passage } from "./pass";
import { fetchToken } from "./tokenServer";

/** Docker Hub's own API takes no password, only what it gives for one. */
export async function hubToken(
  credential: Extract<Credential, { readonly kind: "basic" }>,
  { gate, reach, asked }: Omit<Passage, "url">,
): Promise<string> {
  const { keyring, clock, repository, realms } = gate;
  const { id, username, secret } = credential;
  const realm = new URL("/v2/auth/token", realms.origin);
  const key = JSON.stringify([realm.href, id]);
  const { value } = await keyring.token(key, reach.signal, () =>
    fetchToken(
      {
        realm,
        service: undefined,
        scopes: ["its API"],
        ledBy: new URL(realms.origin),
        headers: {},
        json: { identifier: username, secret },
      },
      {
        send: gate.toTokenServer(reach),
        signal: reach.signal,
        asked: { ...asked, as: describeCredential(credential) },
        hide: (text) => keyring.hide(repository, text),
        now: () => clock.monotonic(),
        date: () => reach.now(),
      },
    ),
  );
  keyring.show(repository, value);
  return value;
}
