import type { PathwayDocument, StateConfig, TransitionConfig, TransitionsConfig } from "./document.js";

/** Stands, in `on`, for every event that the document declares. */
export const WILDCARD = "*";

/**
 * The machine with every `"*"` written out (fold.md F5): it stands for each event type that the document declares and
 * the same state does not name, or names with no guard that holds. So its branches follow the named ones. Timers and
 * the engine's own events are never meant.
 */
export function expandWildcards(document: PathwayDocument): StateConfig {
  return expand(document.machine, Object.keys(document.events));
}

function expand(state: StateConfig, types: readonly string[]): StateConfig {
  const expanded = { ...state };
  const any = state.on?.[WILDCARD];
  if (state.on && any !== undefined) {
    const named = Object.entries(state.on).filter(([type]) => type !== WILDCARD);
    const on: Record<string, TransitionsConfig> = Object.fromEntries(named);
    for (const type of types) on[type] = [...branches(on[type]), ...branches(any)];
    expanded.on = on;
  }
  if (state.states) {
    const states = Object.entries(state.states).map(([key, child]) => [key, expand(child, types)]);
    expanded.states = Object.fromEntries(states) as Record<string, StateConfig>;
  }
  return expanded;
}

/** The branches of a transition as a list of objects. */
export function branches(transitions: TransitionsConfig | undefined): TransitionConfig[] {
  if (transitions === undefined) return [];
  const list = Array.isArray(transitions) ? transitions : [transitions];
  return list.map((branch) => (typeof branch === "string" ? { target: branch } : branch));
}
