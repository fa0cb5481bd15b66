import { Injectable } from "@nestjs/common";
import type { Idempotency } from "../engine/index.js";
import { AdministrativeKeys, DEFAULT_LIMIT, page, type Problem, ProblemError, readCursor } from "../http/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import type { Sql, Statement } from "../platform/statement.js";
import { isStoredUuid } from "../platform/uuid.js";
import { Reads } from "../reads/index.js";
import type { Reassign, ReassignAnswer } from "./reassignment.schemas.js";
import { TaskOperations } from "./task-operations.js";

interface Found {
  id: string;
  enrolment_id: string;
}

/** Of the same tasks for ever, whatever comes to this person after. */
interface Chosen {
  tasks: string[];
  next_cursor: string | null;
}

const THEIRS: Statement = {
  name: "pathkeeper-tasks-of-somebody",
  text: `
    select id, enrolment_id from task
    where status = 'open' and assignee = $1 and id > $2::uuid
      and ($3::text[] is null or site_id = any ($3)) and ($4::text is null or site_id = $4)
      and ($5::text is null or role = $5)
    order by id limit $6`,
};
const CHOOSE: Statement = {
  name: "pathkeeper-choose-tasks",
  text: `
    insert into reassignment (person, key, tasks, next_cursor, made_at)
    values ($1, $2, $3::uuid[], $4, pathkeeper_now()) on conflict do nothing`,
};
const CHOSEN: Statement = {
  name: "pathkeeper-chosen-tasks",
  text: `select tasks, next_cursor from reassignment where person = $1 and key = $2`,
};

const FIRST = "00000000-0000-0000-0000-000000000000";

/**
 * One person's tasks become another's, such as of a coordinator who is away: snoozed ones too. Each task is a command of
 * its own in the lane, with the request's key, and by the rules of an assignment. The tasks of a request are put down
 * before the first of them is touched: what was broken off is finished by the same request.
 */
@Injectable()
export class Reassignment {
  constructor(
    private readonly reads: Reads,
    private readonly keys: AdministrativeKeys,
    private readonly operations: TaskOperations,
  ) {}

  async carryOut(person: Person, body: Reassign, idempotency: Idempotency): Promise<ReassignAnswer> {
    const { tasks, next_cursor: nextCursor } = await this.choose(person, body, idempotency);
    const { from, to, reason } = body;
    const items = await Promise.all(
      tasks.map(async (id): Promise<ReassignAnswer["items"][number]> => {
        const own = { ...idempotency, route: `${idempotency.route}/${id}` };
        const problem = await refusalOf(this.operations.pass(person, id, { from, to, reason }, own));
        return problem ? { id, outcome: "refused", problem } : { id, outcome: "assigned" };
      }),
    );
    const refused = items.filter(({ problem }) => problem).length;
    return { items, nextCursor, counts: { assigned: items.length - refused, refused } };
  }

  private async choose(person: Person, body: Reassign, idempotency: Idempotency): Promise<Chosen> {
    const { rows, nextCursor } = await this.theirs(person, body);
    const ids = rows.map(({ id }) => id);
    return this.keys.once(person.id, idempotency, async (sql) => {
      await sql.rows(CHOOSE, [person.id, idempotency.key, ids, nextCursor]);
      const [chosen] = await sql.rows<Chosen>(CHOSEN, [person.id, idempotency.key]);
      return chosen!;
    });
  }

  private theirs(person: Person, { from, site, role, cursor, limit = DEFAULT_LIMIT }: Reassign) {
    const place = readCursor<[string]>(cursor, ([id]) => typeof id === "string" && isStoredUuid(id));
    const sites = sitesWhere(person, ROLES_FOR.writePatients);
    const values = [from, place?.[0] ?? FIRST, sites, site ?? null, role ?? null, limit + 1];
    const work = async (sql: Sql) => page(await sql.rows<Found>(THEIRS, values), limit, ({ id }) => [id]);
    return this.reads.answer(person, "task", work, ({ rows }) => rows.map((row) => row.enrolment_id));
  }
}

/** What is refused is told of that task alone; whatever else is wrong ends the request, and a resend goes on. */
async function refusalOf(done: Promise<void>): Promise<{ type: string; detail: string } | undefined> {
  try {
    await done;
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { name, detail }: Problem = error.problem;
    return { type: `/problems/${name}`, detail };
  }
}
