/** Named places where a test may make a process fail or wait. Nothing is armed outside tests, and then they cost nothing. */
export type CrashPoint =
  | "engine.afterLock"
  | "engine.whileDeciding"
  | "engine.beforeWrite"
  | "engine.beforeCommit"
  | "engine.afterCommit"
  | "engine.beforeTelling"
  | "engine.afterTelling";

/** Throws, waits, or lets pass. */
export type CrashAction = () => void | Promise<void>;

const armed = new Map<CrashPoint, CrashAction>();

/** Arms a point until the returned function is called. */
export function armCrashPoint(point: CrashPoint, action: CrashAction): () => void {
  armed.set(point, action);
  return () => {
    if (armed.get(point) === action) armed.delete(point);
  };
}

/** Use as `await crashPoint(...)`. */
export function crashPoint(point: CrashPoint): void | Promise<void> {
  return armed.size === 0 ? undefined : armed.get(point)?.();
}
