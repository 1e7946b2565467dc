import { type Answer, type Call, failure, json, pageNotFound } from "./answer";
import type { Gate } from "./auth";
import { answerBlob } from "./blobs";
import { answerCatalog, answerReferrers, answerTags } from "./listings";
import { Manifests } from "./manifests";
import type { RegistryOptions } from "./options";
import type { Route } from "./route";
import type { Storage } from "./storage";
import { Uploads } from "./uploads";

/** Takes a request to whoever answers it. */
export class Desk {
  readonly uploads: Uploads;
  private readonly manifests: Manifests;

  constructor(
    private readonly storage: Storage,
    private readonly options: RegistryOptions,
    private readonly gate: Gate,
  ) {
    this.uploads = new Uploads(storage, options);
    this.manifests = new Manifests(storage, options);
  }

  async answer(call: Call, route: Route): Promise<Answer> {
    const refusal = this.gate.refuse(call, route) ?? this.unknownName(route);
    if (refusal) return refusal;
    if (call.path.endsWith("/blobs/uploads")) return addSlash(call); // W80
    const { name, reference } = route;
    if (route.kind === "upload") {
      return this.uploads.answer(call, { name, id: reference });
    }
    if (route.kind === "manifest") return this.manifests.answer(call, route);
    return this.list(call, route);
  }

  private list(call: Call, route: Route): Answer | Promise<Answer> {
    const { name, reference: digest } = route;
    const repository = this.storage.find(name);
    switch (route.kind) {
      case "ping":
        return json(200, {});
      case "token":
        return this.gate.answerToken(call);
      case "catalog":
        return answerCatalog(call, this.storage, this.options);
      case "tags":
        return answerTags(call, { name, repository }, this.options);
      case "referrers":
        return answerReferrers(call, { digest, repository }, this.options);
      case "blob":
        return answerBlob(call, { digest, repository }, this.options);
      default:
        return pageNotFound;
    }
  }

  private unknownName(route: Route): Answer | undefined {
    const mustExist = this.options.missingRepositories === "refuse";
    if (!mustExist || route.name === "") return undefined;
    if (this.storage.find(route.name)) return undefined;
    return failure({
      code: "NAME_UNKNOWN",
      message: "repository name not known to registry",
      detail: { name: route.name },
    });
  }
}

function addSlash(call: Call): Answer {
  const query = call.query.toString();
  const location = `${call.path}/${query === "" ? "" : `?${query}`}`;
  return { status: 301, headers: { location } };
}
