import { warningsOfWork } from "./warnings";
import { workText } from "./words";
import type { Work } from "../working/work";

/** Says what became of the tags, and what somebody should look into. */
export function tellWork(done: Work): void {
  const { call, intent } = done.turn;
  const isUnverified = intent.policy.unverified !== undefined;
  const kind = isUnverified ? "warning" : "info";
  call.tell({ kind, text: workText(done) });
  for (const text of warningsOfWork(done)) call.tell({ kind: "warning", text });
}
