import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

/** A row by the names of its columns, in the forms that PostgreSQL reads from JSON. */
export type Columns = Record<string, unknown>;

/**
 * The hot statements' view of a table, from its entity: which columns it has, how a row becomes JSON for a statement and
 * comes back out of JSON. A column is named nowhere else, and one that this code does not know keeps its default.
 */
export class Table<Row extends ObjectLiteral> {
  /** With its schema, where it has one, quoted. */
  readonly path: string;
  private readonly columns: readonly Column[];

  constructor(dataSource: DataSource, entity: EntityTarget<Row>) {
    const metadata = dataSource.getMetadata(entity);
    this.path = metadata.tablePath.split(".").map(quoted).join(".");
    this.columns = metadata.columns.map((column) => new Column(column));
  }

  encode(row: Row): Columns {
    const encoded: Columns = {};
    for (const column of this.columns) {
      const value: unknown = row[column.property];
      // What is left out is NULL.
      if (value !== null && value !== undefined) encoded[column.name] = column.encode(value);
    }
    return encoded;
  }

  /** What `tuple` selected. */
  decode(values: readonly unknown[]): Row;
  decode<Part extends keyof Row & string>(values: readonly unknown[], only: readonly Part[]): Pick<Row, Part>;
  decode(values: readonly unknown[], only?: readonly string[]): ObjectLiteral {
    const row: ObjectLiteral = {};
    this.columnsOf(only).forEach((column, place) => (row[column.property] = column.decode(values[place])));
    return row;
  }

  /** One JSON array for each row; `alias` stands for the table in the statement. */
  tuple(alias: string, only?: readonly (keyof Row & string)[]): string {
    const selected = this.columnsOf(only).map((column) => column.selected(alias));
    return `json_build_array(${selected.join(", ")})`;
  }

  /** The columns by their own names, instants in milliseconds. */
  select(alias: string): string {
    return this.columns.map((column) => `${column.read(alias)} AS "${column.name}"`).join(", ");
  }

  /** A row that `select` gave. */
  read(selected: Columns): Row {
    const row: ObjectLiteral = {};
    for (const { property, name } of this.columns) row[property] = selected[name];
    return row as Row;
  }

  /** Adds the rows of a JSON array that `encode` made; `more` follows, such as ON CONFLICT. */
  insert(parameter: string, more = ""): string {
    const names = this.columns.map(({ name }) => `"${name}"`).join(", ");
    const types = this.columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
    return `INSERT INTO ${this.path} (${names}) SELECT ${names} FROM jsonb_to_recordset(${parameter}::jsonb) AS row(${types}) ${more}`;
  }

  private columnsOf(only?: readonly string[]): readonly Column[] {
    return only ? only.map((property) => this.named(property)) : this.columns;
  }

  private named(property: string): Column {
    return this.columns.find((column) => column.property === property)!;
  }

  /** Adds rows, or changes those that are there by this key; `fixed` never change. */
  upsert(parameter: string, key: readonly (keyof Row & string)[], fixed: readonly (keyof Row & string)[] = []): string {
    const changes = this.columns
      .filter(({ property }) => ![...key, ...fixed].includes(property as keyof Row & string))
      .map(({ name }) => `"${name}" = excluded."${name}"`);
    return this.insert(
      parameter,
      `ON CONFLICT (${key.map((property) => `"${this.named(property).name}"`).join(", ")}) DO UPDATE SET ${changes.join(", ")}`,
    );
  }
}

class Column {
  readonly name: string;
  readonly property: string;
  /** As PostgreSQL writes it. */
  readonly type: string;
  private readonly isInstant: boolean;
  private readonly isBytes: boolean;

  constructor({ databaseName, propertyName, type, isArray, enumName, precision }: ColumnMetadata) {
    this.name = databaseName;
    this.property = propertyName;
    this.isInstant = type === "timestamptz" || type === "timestamp with time zone";
    this.isBytes = type === "bytea";
    const base = type === "enum" ? `"${enumName}"` : this.isInstant ? `timestamptz(${precision ?? 3})` : String(type);
    this.type = isArray ? `${base}[]` : base;
  }

  encode(value: unknown): unknown {
    if (this.isInstant) return isoOf(value as number);
    return this.isBytes ? hexOf(value as Buffer) : value;
  }

  decode(value: unknown): unknown {
    return this.isBytes && value !== null ? Buffer.from(String(value).slice(2), "hex") : value;
  }

  /** Within a JSON array. */
  selected(alias: string): string {
    return this.isBytes ? `${alias}."${this.name}"::text` : this.read(alias);
  }

  read(alias: string): string {
    const column = `${alias}."${this.name}"`;
    return this.isInstant ? milliseconds(column) : column;
  }
}

/** Exact for any instant kept to milliseconds. */
export function milliseconds(column: string): string {
  return `round(date_part('epoch', ${column}) * 1000)`;
}

/** Years beyond four digits are written in a form that PostgreSQL does not read; nothing is that far away. */
function isoOf(instant: number): string {
  return new Date(instant).toISOString();
}

/** PostgreSQL's hexadecimal form. */
export function hexOf(bytes: Buffer): string {
  return `\\x${bytes.toString("hex")}`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', "")}"`;
