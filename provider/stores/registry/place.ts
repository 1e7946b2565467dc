import type { MirrorError, Side } from "../../mirror/errors";
import type { Reach, Request, Response } from "../../mirror/ports";
import { whereIn } from "../../mirror/where";
import { authorized } from "./login/authorize";
import { describeCredential } from "./login/describe";
import type { Clock } from "./pace/clock";
import type { Endpoints } from "./endpoints";
import type { Memory } from "./memory/memory";
import type { Profile } from "./memory/profile";
import { following, type OnLeave } from "./wire/redirect";
import type { Lane } from "./pace/lanes";
import { isTransient, retrying, type Patience } from "./pace/retry";
import type { Gate } from "./login/pass";
import { presenting, type Presentation } from "./login/present";
import { scopesOf, type Action } from "./login/scopes";
import { refusalError } from "./refusalError";
import { readRefusal, type Refusal } from "./wire/refusal";
import { located, stopped, type Asked } from "./wire/wireError";

/** One repository in one registry, and all that its operations share. */
export interface Place extends Memory {
  readonly side: Side;
  /** `host/repository`, as the user wrote it */
  readonly repository: string;
  readonly endpoints: Endpoints;
  readonly profile: Profile;
  /** the way out: whoever sends here waits for the host's turn */
  readonly lane: Lane;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly patience: Patience;
  /** what this place is opened for: asked for from the first request on (W40) */
  readonly actions: readonly Action[];
}

/** One request, and how it is to be sent. */
export interface Errand extends Asked {
  readonly request: Request;
  readonly actions?: readonly Action[];
  /** another repository whose blob is to be mounted (W42) */
  readonly mountFrom?: string;
  readonly onLeave?: OnLeave;
  /** other scopes than the repository's (W44) */
  readonly scopes?: readonly string[];
  /** for what is no registry, and asks for nothing: how the credential of its host is shown to it */
  readonly login?: Presentation;
}

/** Sends through retry, authorisation and redirects. Any status comes back; no answer is thrown, with the errand's words. */
export async function ask(
  place: Place,
  errand: Errand,
  reach: Reach,
): Promise<Response> {
  const { what, where, request, onLeave = "follow" } = errand;
  const access = [
    { name: place.endpoints.name, actions: errand.actions ?? place.actions },
  ];
  if (errand.mountFrom !== undefined)
    access.push({ name: errand.mountFrom, actions: ["pull"] });
  const paced = place.lane.paced(reach);
  const follow = following(paced.send, onLeave);
  const passage = {
    gate: place.gate,
    scopes: errand.scopes ?? scopesOf(access),
    reach: paced,
    asked: { what, where },
  };
  const authorize =
    errand.login === undefined
      ? authorized(follow, passage)
      : presenting(follow, { ...passage, as: errand.login });
  const send = retrying(authorize, {
    clock: place.clock,
    patience: place.patience,
    now: () => reach.now(),
    notice: (notice) => reach.notice?.(notice),
  });
  try {
    return await send(request, reach.signal);
  } catch (error) {
    if (reach.signal.aborted)
      throw stopped(reach.signal, { ...errand, retryAt: place.lane.retryAt });
    throw located(error, errand);
  }
}

/** Sends and does not insist: for what is begun anew, or given up, where it fails. */
export function askOnce(
  place: Place,
  errand: Errand,
  reach: Reach,
): Promise<Response> {
  const patience = { ...place.patience, tries: 1 };
  return ask({ ...place, patience }, errand, reach);
}

/** The error that a refusal means here: with the credential's source in words. */
export function refuse(
  place: Place,
  refusal: Refusal,
  asked: Asked,
): MirrorError {
  const credential = place.gate.keyring.lastCredential(place.repository);
  return refusalError(refusal, {
    what: asked.what,
    where: asked.where,
    as: describeCredential(credential),
    retryAt: isTransient(refusal.status) ? place.lane.retryAt : undefined,
  });
}

/** Reads an answer that was not wanted, and says so. */
export async function unexpected(
  place: Place,
  response: Response,
  asked: Asked,
): Promise<MirrorError> {
  return refuse(place, await refusalOf(place, response), asked);
}

/** Reads a refusal, without the secrets that this repository was shown. */
export function refusalOf(place: Place, response: Response): Promise<Refusal> {
  const { keyring } = place.gate;
  return readRefusal(response, (text) => keyring.hide(place.repository, text));
}

/** What is being done to something of a place: the beginning of a message. */
export function about(place: Place, what: string, tagOrDigest?: string): Asked {
  return { what, where: whereIn(place, tagOrDigest) };
}
