/**
 * A time zone as stretches of time with one offset each. Temporal says where they begin and end, and decides what a
 * wall-clock time near such an end means; everywhere else a conversion is an addition, where Temporal takes 20 µs.
 */
import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "./days.js";
import type { Instant } from "./time.js";

/** What a clock on the wall shows, as milliseconds: `epochDay * DAY_MS` + time of day. */
export type Wall = number;

interface Stretch {
  from: Instant;
  /** Exclusive. */
  until: Instant;
  offset: number;
}

/** Those that exist. */
const zones = new Map<string, Zone>();

/** A name that is no time zone throws when it is first used. */
export function zoneOf(name: string): Zone {
  return zones.get(name) ?? new Zone(name);
}

export class Zone {
  /** In order of time, with gaps where nobody asked. */
  private readonly known: Stretch[] = [];
  private recent: Stretch | undefined;

  constructor(private readonly name: string) {}

  wallAt(instant: Instant): Wall {
    return instant + this.stretchAt(instant).offset;
  }

  /** A time that a change skips moves forward by the length of the gap; one that occurs twice is the first. */
  instantAt(wall: Wall): Instant {
    const offset = this.onlyOffsetAt(wall);
    return offset === undefined ? plain(wall).toZonedDateTime(this.name).epochMilliseconds : wall - offset;
  }

  /** The first instant of a day, also where its midnight is skipped. */
  startOf(day: number): Instant {
    const wall = day * DAY_MS;
    const offset = this.onlyOffsetAt(wall);
    if (offset !== undefined) return wall - offset;
    return plain(wall).toPlainDate().toZonedDateTime(this.name).epochMilliseconds;
  }

  /** Undefined near a change. No offset reaches a day, so the stretch around `wall` holds each instant it can mean. */
  private onlyOffsetAt(wall: Wall): number | undefined {
    const { from, until, offset } = this.stretchAt(wall);
    return from <= wall - DAY_MS && wall + DAY_MS < until ? offset : undefined;
  }

  private stretchAt(instant: Instant): Stretch {
    if (this.recent && holds(this.recent, instant)) return this.recent;
    let index = 0;
    for (let low = 0, high = this.known.length; low < high; index = low) {
      const middle = (low + high) >> 1;
      if (this.known[middle]!.until <= instant) low = middle + 1;
      else high = middle;
    }
    const found = this.known[index];
    if (found && holds(found, instant)) return (this.recent = found);
    const made = this.makeStretch(instant);
    this.known.splice(index, 0, made);
    return (this.recent = made);
  }

  private makeStretch(instant: Instant): Stretch {
    const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.name);
    // "Previous" leaves the instant itself out, and a stretch may begin at it.
    const from = zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
    const until = zoned.getTimeZoneTransition("next");
    zones.set(this.name, this);
    return {
      from: from?.epochMilliseconds ?? -Infinity,
      until: until?.epochMilliseconds ?? Infinity,
      offset: Math.round(zoned.offsetNanoseconds / 1e6),
    };
  }
}

function holds({ from, until }: Stretch, instant: Instant): boolean {
  return from <= instant && instant < until;
}

function plain(wall: Wall): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
}
