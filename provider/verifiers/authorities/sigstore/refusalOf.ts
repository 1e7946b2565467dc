import { VerificationError } from "@sigstore/verify";
import { asRefusal, Refusal, type RefusalCode } from "../../refusal";

const codes: Readonly<Record<VerificationError["code"], RefusalCode>> = {
  CERTIFICATE_ERROR: "CERT_INVALID",
  NOT_IMPLEMENTED_ERROR: "UNSUPPORTED_FORMAT",
  PUBLIC_KEY_ERROR: "KEY_MISMATCH",
  SIGNATURE_ERROR: "SIGNATURE_INVALID",
  TIMESTAMP_ERROR: "TIME_INVALID",
  TLOG_BODY_ERROR: "TLOG_MISMATCH",
  TLOG_ERROR: "TLOG_INVALID",
  TLOG_INCLUSION_PROMISE_ERROR: "TLOG_INVALID",
  TLOG_INCLUSION_PROOF_ERROR: "TLOG_INVALID",
  TLOG_MISSING_INCLUSION_ERROR: "TLOG_INVALID",
};

/** What the library threw, as a refusal: its own errors by their code, all others as malformed (§1.5 gap 19). */
export function refusalOf(thrown: unknown): Refusal {
  if (!(thrown instanceof VerificationError)) return asRefusal(thrown);
  const cause: unknown = thrown.cause;
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new Refusal(codes[thrown.code], thrown.message + why, {
    cause: thrown,
  });
}
