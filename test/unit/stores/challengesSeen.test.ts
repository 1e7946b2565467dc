import { parseChallenges } from "../../../provider/stores/registry/login/challenge";

const read = (header: string | readonly string[]): unknown =>
  parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);

/** As these registries write them; names of accounts are made up. */
const seen: readonly (readonly [
  who: string,
  header: string,
  scheme: string,
  parameters: Readonly<Record<string, string>>,
])[] = [
  [
    "Docker Hub",
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
    "bearer",
    {
      realm: "https://auth.docker.io/token",
      service: "registry.docker.io",
      scope: "repository:library/nginx:pull",
    },
  ],
  [
    "GHCR",
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"',
    "bearer",
    {
      realm: "https://ghcr.io/token",
      service: "ghcr.io",
      scope: "repository:user/image:pull",
    },
  ],
  [
    "ECR",
    'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"',
    "basic",
    {
      realm: "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
      service: "ecr.amazonaws.com",
    },
  ],
  [
    "public ECR",
    'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
    "bearer",
    {
      realm: "https://public.ecr.aws/token/",
      service: "public.ecr.aws",
      scope: "aws",
    },
  ],
  [
    "ACR, of a token that is not enough",
    'Bearer realm="https://acme.azurecr.io/oauth2/token",service="acme.azurecr.io",scope="repository:app:pull,push",error="insufficient_scope"',
    "bearer",
    {
      realm: "https://acme.azurecr.io/oauth2/token",
      service: "acme.azurecr.io",
      scope: "repository:app:pull,push",
      error: "insufficient_scope",
    },
  ],
  [
    "Artifact Registry",
    'Bearer realm="https://europe-docker.pkg.dev/v2/token",service="europe-docker.pkg.dev",scope="repository:p/r/i:pull"',
    "bearer",
    {
      realm: "https://europe-docker.pkg.dev/v2/token",
      service: "europe-docker.pkg.dev",
      scope: "repository:p/r/i:pull",
    },
  ],
  [
    "Quay",
    'Bearer realm="https://quay.io/v2/auth",service="quay.io",scope="repository:a/b:pull"',
    "bearer",
    {
      realm: "https://quay.io/v2/auth",
      service: "quay.io",
      scope: "repository:a/b:pull",
    },
  ],
  [
    "Harbor, whose service has a hyphen",
    'Bearer realm="https://h.example/service/token",service="harbor-registry",scope="repository:p/i:pull"',
    "bearer",
    {
      realm: "https://h.example/service/token",
      service: "harbor-registry",
      scope: "repository:p/i:pull",
    },
  ],
  [
    "GitLab, on another host",
    'Bearer realm="https://gitlab.com/jwt/auth",service="container_registry",scope="repository:g/p:pull",error="invalid_token"',
    "bearer",
    {
      realm: "https://gitlab.com/jwt/auth",
      service: "container_registry",
      scope: "repository:g/p:pull",
      error: "invalid_token",
    },
  ],
  [
    "Artifactory, whose realm is text",
    'Basic realm="Artifactory Realm"',
    "basic",
    { realm: "Artifactory Realm" },
  ],
  [
    "Nexus",
    'BASIC realm="Sonatype Nexus Repository Manager"',
    "basic",
    { realm: "Sonatype Nexus Repository Manager" },
  ],
  [
    "zot",
    'Basic realm="Authorization Required"',
    "basic",
    { realm: "Authorization Required" },
  ],
  [
    "distribution with htpasswd",
    'Basic realm="Registry Realm", charset="UTF-8"',
    "basic",
    { realm: "Registry Realm", charset: "UTF-8" },
  ],
  [
    "a proxy that speaks of NTLM, too",
    'Bearer realm="https://h/t",service="s", NTLM',
    "bearer",
    { realm: "https://h/t", service: "s" },
  ],
];

test.each(seen)(
  "W20: the challenge of %s is read",
  (_, header, scheme, parameters) => {
    expect(parseChallenges(header)[0]?.scheme).toBe(scheme);
    expect(
      Object.fromEntries(parseChallenges(header)[0]?.parameters ?? []),
    ).toEqual(parameters);
  },
);

test.each<[string, string | readonly string[], unknown]>([
  [
    "a tab between",
    'Bearer\trealm="r",\tservice="s"',
    [["bearer", { realm: "r", service: "s" }]],
  ],
  [
    "an empty value",
    'Bearer realm="",service="s"',
    [["bearer", { realm: "", service: "s" }]],
  ],
  ["an empty realm of Basic", 'Basic realm=""', [["basic", { realm: "" }]]],
  [
    "a comma right behind the scheme",
    'Bearer ,realm="r"',
    [["bearer", { realm: "r" }]],
  ],
  [
    "a value with spaces",
    'Basic realm="a b  c"',
    [["basic", { realm: "a b  c" }]],
  ],
  [
    "a value with a scheme inside",
    'Basic realm="Bearer realm=\\"evil\\""',
    [["basic", { realm: 'Bearer realm="evil"' }]],
  ],
  [
    "a challenge inside quotes",
    'Basic realm="x, Bearer realm=evil"',
    [["basic", { realm: "x, Bearer realm=evil" }]],
  ],
  [
    "three challenges",
    'Negotiate, Basic realm="b", Bearer realm="r"',
    [
      ["negotiate", {}],
      ["basic", { realm: "b" }],
      ["bearer", { realm: "r" }],
    ],
  ],
  [
    "the same scheme twice",
    'Bearer realm="a", Bearer realm="b"',
    [
      ["bearer", { realm: "a" }],
      ["bearer", { realm: "b" }],
    ],
  ],
  [
    "three lines",
    ["Negotiate", 'Bearer realm="r"', 'Basic realm="b"'],
    [
      ["negotiate", {}],
      ["bearer", { realm: "r" }],
      ["basic", { realm: "b" }],
    ],
  ],
  [
    "a broken line beside a good one",
    ['Bearer realm="r', 'Basic realm="b"'],
    [
      ["bearer", {}],
      ["basic", { realm: "b" }],
    ],
  ],
  [
    "an unknown parameter",
    'Bearer realm="r",x-y_z="1"',
    [["bearer", { realm: "r", "x-y_z": "1" }]],
  ],
  [
    "__proto__ as a parameter",
    'Bearer __proto__="x",realm="r"',
    [
      [
        "bearer",
        Object.fromEntries([
          ["__proto__", "x"],
          ["realm", "r"],
        ]),
      ],
    ],
  ],
  ["a scheme that is no token", '"Bearer" realm="r"', []],
  ["only commas", ",,,", []],
  ["only an assignment", 'realm="r"', []],
])("W20: %s", (_, header, expected) => {
  expect(read(header)).toEqual(expected);
});

test("W20: ten thousand commas, quotes and backslashes are read in no time", () => {
  for (const text of [",", '"', "\\", 'a="b",', "Bearer ", "a=", "\t"])
    expect(parseChallenges(`Bearer ${text.repeat(10_000)}`)).toEqual(
      expect.anything(),
    );
});
