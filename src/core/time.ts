/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** `YYYY-MM-DD`: a day in the site's time zone, kept as typed. */
export type PlainDate = string;

/** When something happened, as reported: an instant, or a bare date that the fold resolves (fold.md F3). */
export type When = Instant | PlainDate;
