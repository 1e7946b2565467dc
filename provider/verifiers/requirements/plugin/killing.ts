import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) killTree(child);
}

/** Ends the child, and what it started, should this process end first. Answers what lets go of it. */
export function endWithUs(child: ChildProcess): () => void {
  if (running.size === 0) process.once("exit", killAll);
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) process.removeListener("exit", killAll);
  };
}

/** Ends a process that leads a group, and its group; what has ended already is fine. */
export function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-pid, "SIGKILL");
  } catch {
    // there is nobody left
  }
}
