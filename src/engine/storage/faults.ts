/** Unique violation, serialisation failure, deadlock: what it lost to is on record at the next try. */
const LOST_A_RACE = new Set(["23505", "40001", "40P01"]);

export function isLostRace(error: unknown): boolean {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return LOST_A_RACE.has(String(code ?? driverError?.code ?? ""));
}
