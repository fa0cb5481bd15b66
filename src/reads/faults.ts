/** There is no such record; whose it would be was asked of nobody. */
export class NoSuchRecord extends Error {
  override readonly name = "NoSuchRecord";

  constructor(readonly what: "enrolment" | "task") {
    super(`There is no such ${what}.`);
  }
}

/** So many read at once that no turn came in time. Nothing was read. */
export class ReadsBusy extends Error {
  override readonly name = "ReadsBusy";

  constructor() {
    super("Too much is read at once.");
  }
}
