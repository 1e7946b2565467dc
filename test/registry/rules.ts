/** One rule of the wire (W…) or negative case (N…) that a test bears in its name. */
export interface Rule {
  readonly id: string;
  readonly text: string;
}

/** What we speak on the wire. */
const wire = `
W01 repository names by the grammar, host and name 255 characters at most
W02 tags by the grammar, refused before anybody is asked
W03 digests by the grammar, before any use in a URL or path
W04 with a tag and a digest, the digest is what is asked for
W05 Docker Hub by its API host, library/ before a single name
W06 URLs are built with URL, and stay below /v2/NAME/
W10 https, and plain http only where it is named
W11 plain http and skipped verification apart, per host, never for the process
W12 CA and client certificate per host
W13 HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in both cases
W14 Proxy-Authorization to the proxy only, and never shown
W15 connect, headers, silence, throughput and the whole are bounded
W16 every answer is read or let go before the next try
W20 WWW-Authenticate by RFC 9110
W21 the challenge is that of the request itself
W22 the token request: realm, service, scopes, and nothing else
W23 token or access_token, and the latter where both are
W24 a token's life by the local clock, renewed before its end
W25 an identity token is exchanged by POST, by GET where that is unknown
W26 the user <token> of a helper means an identity token
W27 a refresh token that comes along is shown to nobody else
W28 Basic only after a Basic challenge
W29 one 401, one new token, one more try; one token request for many
W30 a scope that is missing is asked for first
W31 token and error bodies are bounded
W32 a relative realm is resolved, then judged
W40 a writer asks for pull and push at once
W41 actions are merged into one scope, sorted
W42 a mount's second scope may cost the mount, not the copy
W43 tokens are kept by their set of scopes
W44 no catalog unless somebody asks for one
W50 every manifest request says what it takes
W51 a tag is looked at by HEAD, and hashed where that has no digest
W52 the bytes decide, never a header
W53 a denied HEAD is asked as GET, for its words
W54 a manifest is bounded while it is read
W55 parameters of Content-Type do not matter, the body's mediaType does
W56 the exact bytes are kept and forwarded
W57 another digest in the answer to a PUT is refused
W58 size is verified beside the digest
W59 a tag is read back, and waited for
W60 tags are put one by one
W70 presence by HEAD, with its length
W71 identity encoding, and no other
W72 a longer body is left at once
W73 a cut download goes on by Range, if the answer is exactly that range
W74 never an empty range
W75 downloads without progress end
W76 a download goes on at the registry, not at a CDN's signed address
W77 no Content-Length is no fault
W80 an upload is POST with a slash, then PUT with its exact length
W81 a Location is followed as it stands
W82 the newest Location is used
W83 one POST for small blobs, where the host takes it
W84 pieces only where needed, by the host's least and most
W85 a 416 is answered from where the host stands, five times at most
W86 any other failure: the session is given up, the digest asked for, then all anew
W87 sha512 is asked for, and proven by reading back
W88 a body of another length than was said is the source's fault
W89 an early refusal stops the body
W90 a mount names its source, within one registry and one credential
W91 a 201 is confirmed, a 202's session is used
W92 a refused mount becomes an upload
W93 a mounted blob is verified
W100 the referrers API's answer is an index of OCI, or it is none
W101 where the API is not offered, the fallback tag is read
W102 errors are never "no referrers"
W103 every page, bounded, within the repository
W104 a host's own filter is not believed
W105 a referrer's subject is looked at in its own bytes
W106 where no API lists it, the fallback tag is written
W107 the fallback tag's name and entries
W108 the fallback tag is merged, written and read back
W109 referrers of referrers, three deep, each once
W120 pages of 100, by the registry's own links
W121 a page size that is refused is left out once
W122 neither order nor paging is assumed
W123 what is no tag is skipped
W124 tags are bounded in pages and number, in constant memory
W125 a list of tags proves no absence
W126 a tag that cannot be deleted alone is not deleted with others
W130 redirects by hand, five hops, bodies only within the origin
W131 at another origin nothing that may be secret, and never again
W132 no redirect to clear text, odd schemes, users or forbidden addresses
W133 a redirect target's 401 is not answered
W140 Retry-After is kept, or refused at once where it is too long
W141 rate limits are read, and warned of
W142 Docker Hub's two kinds of 429 are told apart
W143 one limiter per host, that adapts
W144 what is tried again, how often, and what is not
W145 a registry's warning is told once
W146 errors in JSON, HTML, nothing or gzip are survived
W150 Docker's and OCI's forms, other types opaque
W151 schema 1 and the withdrawn artifact manifest are refused by name
W152 foreign layers: copied where they are, their addresses never followed
W153 the empty descriptor and blobs of no bytes are legal
W154 embedded data is what its digest says
W155 sparse indexes are kept as they are
W156 a subject may be absent
W160 the layout's version and the index's size
W161 a layout's blobs by digest, regular files within it only
W162 temporary name, sync, rename; the index last
W163 one writer at a time, and no entry lost
W164 one name for two manifests is refused
`;

/** What somebody hostile may do. */
const negative = `
N01 a foreign layer's server wants a login
N02 a realm at another host
N03 a realm in clear
N04 a realm at the metadata address
N05 a realm at an address that is written oddly
N06 a realm that redirects
N07 a name that leads to loopback, or flips
N08 a blob that is redirected elsewhere
N09 a redirect target that wants a login
N10 an upload that goes on at another host
N11 an upload that goes on at a private address
N12 an upload that goes on in clear
N13 layers at file: and gopher: addresses
N14 a next page elsewhere
N15 pages without end
N16 a broken source of credentials
N17 look-alikes of the clouds' registries
N18 look-alikes of a credential's host
N19 bad certificates
N20 another manifest under a header that fits
N21 layers beside Layers
N22 members twice, and by Unicode's folding
N23 subject beside Subject
N24 manifests beside layers
N25 an index as a manifest, and the reverse
N26 paths and worse for digests
N27 bytes behind the described ones
N28 answers without end
N29 sizes that are none
N30 too much evidence
N31 a signature of gigabytes
N32 links in a layout
N33 pipes and directories in a layout
N34 names that are paths
N35 layers that are bombs
N36 encodings that nobody asked for
N37 evidence about something else
N38 two manifests for one tag
N39 a tag that moves back
N40 verdicts that are none
N41 another content under the destination's tag
N42 secrets in messages
N43 signed addresses in messages
N44 secrets of helpers and configurations in messages
N45 helpers that must not run
N46 5000 failed handshakes
N47 helpers that hang, flood or babble
N48 redirects in circles and to odd schemes
N49 headers that split
N50 answers that smuggle
N51 web pages for content
N52 sha256 for sha512
N53 a credential for another path
N54 another credential on the same host
N55 clear text to another host
N56 a process without TLS verification
N57 embedded data that lies
N58 indexes too deep
N59 annotations named like an object's parts
N60 text that is none
N61 tokens that are none
N62 tokens for more or less than was asked
N63 a mount that lies
N64 a preview that writes
N65 a copy that is cancelled
`;

/** Every rule and case, each with a test somewhere that has its number in its name. */
export const rules: readonly Rule[] = `${wire}${negative}`
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const [id = "", ...words] = line.split(" ");
    return { id, text: words.join(" ") };
  });
