import { findersOf } from "../../../provider/credentials/catalog";
import { reachBy, scripted } from "../stores/script";

const { send } = scripted(() => new Error("nobody is asked"));

async function found(registry: string, repository: string): Promise<unknown> {
  const entry = { registry, username: "robot", password: "secret" };
  const host = repository.slice(0, repository.indexOf("/"));
  const [given] = findersOf({ given: [entry], environment: {} });
  const wanted = { host, repository, isFresh: false };
  return given?.find(wanted, reachBy(send));
}

test.each([
  ["https://ghcr.io/acme", "ghcr.io/evil/app"],
  ["https://ghcr.io/acme/", "ghcr.io/acme-evil/app"],
  ["ghcr.io/v2", "ghcr.io/evil/app"],
  ["ghcr.io/acme", "ghcr.io/acmeevil/app"],
  ["ghcr.io", "ghcr.io.evil.test/app"],
  ["ghcr.io", "evil-ghcr.io/app"],
  ["ghcr.io", "ghcr.io:5000/app"],
])(
  "what is configured for %s is not shown to %s",
  async (registry, repository) => {
    await expect(found(registry, repository)).resolves.toBeUndefined();
  },
);

test.each([
  ["https://ghcr.io/acme", "ghcr.io/acme/app"],
  ["https://ghcr.io", "ghcr.io/acme/app"],
  ["https://index.docker.io/v1/", "docker.io/library/nginx"],
  ["ghcr.io/v2", "ghcr.io/v2/app"],
])("what is configured for %s is shown to %s", async (registry, repository) => {
  await expect(found(registry, repository)).resolves.toMatchObject({
    secret: "secret",
  });
});
