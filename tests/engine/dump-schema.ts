import type { DataSource } from "typeorm";

/** Each query gives one column `line`, in an order that is the same on every server. */
const QUERIES: Record<string, string> = {
  types: `
    SELECT format('%s: %s', t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)) AS line
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
    WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname ORDER BY t.typname`,
  columns: `
    SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'migration%'
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
  constraints: `
    SELECT format('%s %s: %s', c.relname, o.conname, pg_get_constraintdef(o.oid)) AS line
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'migration%' AND o.contype IN ('p', 'u', 'c', 'f', 'x')
    ORDER BY c.relname, o.conname`,
  indexes: `
    SELECT pg_get_indexdef(i.indexrelid) AS line
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'migration%' AND NOT i.indisprimary
    ORDER BY c.relname, x.relname`,
  triggers: `
    SELECT pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' -- ' || t.tgenabled::text END AS line
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname`,
  functions: `
    SELECT pg_get_functiondef(p.oid) AS line FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname`,
  grants: `
    SELECT format('%s to %s: %s', c.relname, a.grantee::regrole, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)) AS line
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner AND a.grantee <> 0
    GROUP BY c.relname, a.grantee ORDER BY c.relname, a.grantee::regrole::text`,
};

/** The whole schema as text, so that a change of it is read in a review (tests/engine/schema.sql). */
export async function dumpSchema(owner: DataSource): Promise<string> {
  const parts: string[] = [];
  for (const [title, query] of Object.entries(QUERIES)) {
    const rows = await owner.query<{ line: string }[]>(query);
    parts.push(`-- ${title}\n${rows.map(({ line }) => line.trimEnd()).join("\n")}\n`);
  }
  return parts.join("\n");
}
