import type { Credential, FindCredential } from "../../../mirror/credential";
import type { Reach } from "../../../mirror/ports";
import type { Challenge } from "./challenge";
import type { RealmPolicy } from "./realm";
import type { Clock } from "../pace/clock";
import { Flights } from "../../../mirror/flights";
import { hide } from "../../../mirror/hide";
import { Recent } from "../memory/recent";
import { Introduction } from "./introduction";

/** A bearer token and when it should be renewed, on the monotonic clock. */
export interface Token {
  readonly value: string;
  readonly renewAt: number;
}

const maxShown = 16;
const maxTokenChars = 8 * 1024 * 1024; // a registry may ask for another token each time
const credentialLifeMs = 5 * 60_000; // §4.2: a rotated secret works in a long `up`

/** What one process remembers about logging in: credentials by repository, challenges by repository and by host, tokens by scope set. */
export class Keyring {
  readonly #credentials = new Map<
    string,
    { readonly credential: Credential | undefined; readonly until: number }
  >();
  readonly #challenges = new Map<string, Challenge>();
  readonly #tokens = new Recent<Token>(
    maxTokenChars,
    ({ value }, key) => key.length + value.length,
  );
  readonly #shown = new Map<string, readonly string[]>();
  readonly introduction = new Introduction();
  readonly #finding = new Flights<Credential | undefined>();
  readonly #fetching = new Flights<Token>();

  constructor(
    private readonly find: FindCredential,
    private readonly clock: Clock,
  ) {}

  /** The credential for `host/repository`; asked again after five minutes, or when the registry has `refused` it. */
  async credential(
    repository: string,
    reach: Reach,
    refused?: Credential,
  ): Promise<Credential | undefined> {
    const known = this.#credentials.get(repository);
    const isGood = known !== undefined && this.clock.monotonic() < known.until;
    const isRefused =
      refused !== undefined && known?.credential?.id === refused.id;
    if (isGood && !isRefused) return known.credential;
    const { value } = await this.#finding.join(
      repository,
      reach.signal,
      async () => {
        const credential = await this.find(repository, reach, refused);
        this.#credentials.set(repository, {
          credential,
          until: this.clock.monotonic() + credentialLifeMs,
        });
        return credential;
      },
    );
    return value;
  }

  /** What was found last for a repository, without asking. */
  lastCredential(repository: string): Credential | undefined {
    return this.#credentials.get(repository)?.credential;
  }

  /** Notes what a repository is shown, so that no message repeats it. */
  show(repository: string, ...secrets: readonly string[]): void {
    const before = this.#shown.get(repository) ?? [];
    const all = new Set([...secrets, ...before]);
    this.#shown.set(repository, [...all].slice(0, maxShown));
  }

  /** The text without what the repository was shown: a registry may echo it. */
  hide(repository: string, text: string): string {
    return hide(text, this.#shown.get(repository) ?? []);
  }

  /** What a repository asked for last, or whatever repository of an origin. */
  challenge(repositoryOrOrigin: string): Challenge | undefined {
    return this.#challenges.get(repositoryOrOrigin);
  }

  learn(
    {
      repository,
      realms,
    }: {
      readonly repository: string;
      readonly realms: Pick<RealmPolicy, "origin">;
    },
    challenge: Challenge,
  ): void {
    this.#challenges.set(repository, challenge);
    this.#challenges.set(realms.origin, challenge);
  }

  /** A token that is still good, or a new one; one request however many ask (W29). `isOld` tells that it came from memory. */
  async token(
    key: string,
    signal: AbortSignal,
    fetch: () => Promise<Token>,
  ): Promise<{ readonly value: string; readonly isOld: boolean }> {
    const known = this.#tokens.get(key);
    if (known !== undefined && this.clock.monotonic() < known.renewAt)
      return { value: known.value, isOld: true };
    const { value } = await this.#fetching.join(key, signal, async () => {
      const token = await fetch();
      this.#tokens.set(key, token);
      return token;
    });
    return { value: value.value, isOld: false };
  }

  /** Forgets a token that was refused, unless it has been renewed meanwhile. */
  drop(key: string, refused: string): void {
    if (this.#tokens.get(key)?.value === refused) this.#tokens.delete(key);
  }
}
