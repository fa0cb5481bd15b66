import { formatInstant } from "../core/index.js";
import { endsOf, type Session } from "./sessions.js";

export function sessionTimes(session: Session) {
  const { endsAt, endsAtLatest } = endsOf(session);
  return {
    startedAt: formatInstant(session.startedAt),
    endsAt: formatInstant(endsAt),
    endsAtLatest: formatInstant(endsAtLatest),
  };
}
