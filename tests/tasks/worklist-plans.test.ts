import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Asked, countQuery, pageQuery, type Query } from "../../src/tasks/worklist-query.js";
import { siteDays } from "../../src/tasks/site-days.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const TASKS = 20_000;
const SITES = 20;
const NOW = Date.UTC(2026, 5, 15, 10);

/** Four of five tasks are open; a task in fifty is urgent. */
const FILL = `
  insert into patient (id, person_id, wrapped_key, sealed)
  select md5('patient' || n)::uuid, md5('patient' || n)::uuid, null, '\\x00' from generate_series(1, ${TASKS / 4}) n;
  insert into enrolment (id, patient_id, person_id, site_id, calendar_version, pathway_id, pathway_version, pathway_hash, status,
    states, stored, seq, last_hash, last_recorded_at, enrolled_at, projected_to, responsible)
  select md5('enrolment' || n)::uuid, md5('patient' || n)::uuid, md5('patient' || n)::uuid, 'site-' || n % ${SITES}, 1, 'p', '1', 'h', 'active',
    '{}', '{}', 1, '\\x00', now(), timestamptz '2026-01-01' + n * interval '1 minute', now(), 'coordinator-' || n % 100
  from generate_series(1, ${TASKS / 4}) n;
  insert into task (enrolment_id, id, key, opened_at, nth, title, role, urgency, due_at, reminders, escalations, status,
    held, site_id, pathway_id)
  select md5('enrolment' || (1 + n % ${TASKS / 4}))::uuid, md5('task' || n)::uuid, 'k', now(), 0, 't',
    (array['clinician', 'coordinator', 'lead'])[1 + n % 3],
    (case when n % 50 = 0 then 'urgent' else 'routine' end)::task_urgency,
    timestamptz '2026-06-15' + (n % 2000 - 1000) * interval '1 hour', '[]', '[{"at": 1}]',
    (case when n % 5 = 0 then 'closed' else 'open' end), false, 'site-' || (1 + n % ${TASKS / 4}) % ${SITES}, 'p'
  from generate_series(1, ${TASKS}) n;
  analyze patient; analyze enrolment; analyze task;`;

describe(`a page of the worklist with ${TASKS} tasks`, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.owner.query(FILL);
  });
  afterAll(() => database.drop());

  const calendar = { version: 1, timeZone: "Europe/London", workingDays: [1, 2, 3, 4, 5], holidays: [] };
  const sites = Array.from({ length: SITES }, (_, n) => ({ id: `site-${n}`, name: `${n}`, calendar, onCall: {} }));
  const asked = (more: Partial<Asked> = {}): Asked => {
    return { filters: {}, person: "lead", sites: null, days: siteDays(sites, NOW), now: NOW, ...more };
  };
  const planOf = async ({ statement, values }: Query): Promise<string> => {
    const lines = await database.app.query<{ "QUERY PLAN": string }[]>(`explain ${statement.text}`, values);
    return lines.map((line) => line["QUERY PLAN"]).join("\n");
  };

  it("comes along the index of its order, and is not sorted", async () => {
    const plan = await planOf(pageQuery(asked(), 50));
    expect(plan).toMatch(/Index Scan using task_order/);
    expect(plan).not.toMatch(/Seq Scan on task|Sort/);
  });

  it("as does the page after it", async () => {
    const cursor = Buffer.from(
      JSON.stringify(["urgency", "routine", "2026-06-20T00:00:00.000Z", "11111111-2222-3333-4444-555555555555"]),
    ).toString("base64url");
    const plan = await planOf(pageQuery(asked({ filters: { cursor } }), 50));
    expect(plan).toMatch(/Index Scan using task_order/);
    expect(plan).not.toMatch(/Seq Scan on task|Sort/);
  });

  it("along that of the site where one is asked for", async () => {
    const plan = await planOf(pageQuery(asked({ filters: { site: "site-3" } }), 50));
    expect(plan).toMatch(/Index Scan using task_worklist/);
    expect(plan).not.toMatch(/Seq Scan on task|Sort/);
  });

  it("looks up what somebody has claimed, and what falls to them, each along an index", async () => {
    const mine = asked({ filters: { assignee: "me" }, person: "coordinator-3" });
    const plan = await planOf(pageQuery(mine, 50));
    expect(plan).toMatch(/Index Scan (on|using) task_assignee/);
    expect(plan).toMatch(/Index Scan (on|using) enrolment_responsible/);
    expect(plan).not.toMatch(/Seq Scan/);
    const count = async (query: Query) =>
      database.app.query<Record<string, number>[]>(query.statement.text, query.values);
    const rows = await count(pageQuery({ ...mine, filters: { assignee: "me", due: "overdue" } }, TASKS));
    const [counts] = await count(countQuery(mine));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toHaveLength(counts!["overdue"]!);
  });

  it("shows what its counts count", async () => {
    const overdue = asked({ filters: { due: "overdue" } });
    const page = pageQuery(overdue, TASKS);
    const rows = await database.app.query<unknown[]>(page.statement.text, page.values);
    const counted = countQuery(overdue);
    const [counts] = await database.app.query(counted.statement.text, counted.values);
    expect(rows).toHaveLength(counts.overdue);
    for (const due of ["today", "week"] as const) {
      const { statement, values } = pageQuery(asked({ filters: { due } }), TASKS);
      expect(await database.app.query<unknown[]>(statement.text, values)).toHaveLength(counts[due]);
    }
  });

  it("finds the newest enrolments along the index of their order", async () => {
    const lines = await database.app.query<{ "QUERY PLAN": string }[]>(
      `explain select id from enrolment e where true order by e.enrolled_at desc, e.id desc limit 51`,
    );
    expect(lines.map((line) => line["QUERY PLAN"]).join("\n")).toMatch(
      /Index (Only )?Scan Backward using enrolment_order/,
    );
  });
});
