import { Profiles } from "../../../provider/stores/registry/memory/profile";
import { json } from "./script";
import { blob, bytes, scriptedPlace } from "./scriptedPlace";

const traitsOf = (host: string) => new Profiles().of(host).traits;

test.each([
  ["registry-1.docker.io", "Docker Hub"],
  ["ghcr.io", "GitHub's registry"],
  ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", "Amazon ECR"],
  ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "Amazon ECR"],
  ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "Amazon ECR"],
  ["123456789012.dkr-ecr.us-east-1.on.aws", "Amazon ECR"],
  ["public.ecr.aws", "Amazon ECR Public"],
  ["europe-west3-docker.pkg.dev", "Google Artifact Registry"],
  ["gcr.io", "Google Container Registry"],
  ["eu.gcr.io", "Google Container Registry"],
  ["team.azurecr.io", "Azure Container Registry"],
  ["quay.io", "Quay"],
  ["registry.gitlab.com", "GitLab's registry"],
])("§1.9: %s is %s", (host, product) => {
  expect(traitsOf(host).product).toBe(product);
});

test.each([
  "ghcr.io.attacker.test",
  "evil-ghcr.io",
  "123456789012.dkr.ecr.us-east-1.amazonaws.com.attacker.test",
  "12345.dkr.ecr.us-east-1.amazonaws.com",
  "a-docker.pkg.dev.attacker.test",
  "x.azurecr.io.attacker.test",
  "public.ecr.aws.fake.test",
  "registry.gitlab.com:5000",
  "harbor.example",
  "127.0.0.1:5000",
])("§1.9: %s is nobody known", (host) => {
  expect(traitsOf(host)).toEqual({});
});

test("what is learnt of one host is known of it alone", () => {
  const profiles = new Profiles();
  profiles.of("one.example").mount = "refused";
  expect(profiles.of("one.example").mount).toBe("refused");
  expect(profiles.of("two.example").mount).toBe("unknown");
});

test.each([
  [
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    /create-repository.*CREATE_ON_PUSH/,
  ],
  ["public.ecr.aws", /ecr-public create-repository/],
  ["europe-west3-docker.pkg.dev", /gcloud artifacts repositories create/],
  ["registry.gitlab.com", /create the project/],
  ["harbor.example", /create the repository/],
])("F51: %s says how a missing repository is made", async (host, remedy) => {
  const place = scriptedPlace(`${host}/mirror/app`, () =>
    json({ errors: [{ code: "NAME_UNKNOWN", message: "no repository" }] }, 404),
  );
  await expect(place.copy()).rejects.toMatchObject({
    code: "NOT_FOUND_REPO",
    remedy: expect.stringMatching(remedy),
  });
});

test("F51: Harbor's NOT_FOUND to the beginning of an upload is about the project", async () => {
  const place = scriptedPlace("harbor.example/mirror/app", () =>
    json({ errors: [{ code: "NOT_FOUND", message: "project mirror" }] }, 404),
  );
  await expect(place.copy()).rejects.toMatchObject({ code: "NOT_FOUND_REPO" });
});

test.each([
  ["ghcr.io", /at GitHub/],
  ["docker.io", /hub\.docker\.com/],
  ["reg.example", /the registry's own tools/],
])(
  "W126: %s names the way to remove what its API does not",
  async (host, remedy) => {
    const place = scriptedPlace(`${host}/mirror/app`, () => ({ status: 405 }));
    await expect(
      place.destination.untag("1", place.by.reach),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      remedy: expect.stringMatching(remedy),
    });
  },
);

test("F26: Google's registries get no pieces, also where a body is too large", async () => {
  const place = scriptedPlace("gcr.io/mirror/app", ({ method }) =>
    method === "POST"
      ? { status: 202, headers: { location: "id" } }
      : { status: method === "PUT" ? 413 : 404 },
  );
  await expect(place.copy()).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(place.asked().join()).not.toContain("PATCH");
});

test("W91: Docker Hub is asked for nothing of another origin", async () => {
  const place = scriptedPlace("docker.io/mirror/app", ({ method }) =>
    method === "POST"
      ? { status: 202, headers: { location: "id" } }
      : { status: method === "PUT" ? 201 : 404 },
  );
  await expect(place.copy()).resolves.toBe(bytes.length);
  expect(place.asked().join()).not.toMatch(/origin=|mount=/);
  expect(place.asked().join()).toContain(encodeURIComponent(blob.digest));
});
