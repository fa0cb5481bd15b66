export interface Client {
  query(text: string): Promise<{ command: string }>;
}

/** A statement of it had failed, and whoever asked for that statement did not say so. */
export class RolledBack extends Error {
  override readonly name = "RolledBack";

  constructor() {
    super("The transaction was rolled back, since one of its statements had failed.");
  }
}

/** PostgreSQL answers the COMMIT of a transaction that had failed with no error: it says that it rolled it back. */
export async function commit(client: Client): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new RolledBack();
}
