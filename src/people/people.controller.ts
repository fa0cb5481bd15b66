import { randomUUID } from "node:crypto";
import { Body, Controller, Get, Inject, Param, Patch, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { canonicalJson } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { AdministrativeKeys, IdempotencyKey, invalidData, ProblemError, Route } from "../http/index.js";
import type { Sql } from "../platform/statement.js";
import { Transactions } from "../platform/transactions.js";
import { Caller } from "./caller.decorator.js";
import { NewPerson, PersonAnswer, PersonById, PersonChanges, PersonList } from "./people.schemas.js";
import { People } from "./people.js";
import type { Person, StaffMember } from "./person.js";
import { changedStaff, newStaff, personAnswer } from "./person-view.js";
import { PLACES, type Places } from "./places.js";
import { staffFaults } from "./staff-faults.js";

@ApiTags("people")
@Controller("api/people")
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly keys: AdministrativeKeys,
    private readonly transactions: Transactions,
    @Inject(PLACES) private readonly places: Places,
  ) {}

  @Get()
  @Route({
    summary: "Everybody who may call, and how they are reached",
    access: "administer",
    answer: { status: 200, description: "The people, by id.", schema: PersonList },
  })
  async list(): Promise<PersonList> {
    return { items: (await this.people.all()).map(personAnswer) };
  }

  @Post()
  @Route({
    summary: "Add a person",
    description: "The same person sent twice, by id or by address, is the same person.",
    access: "administer",
    body: NewPerson,
    idempotency: "optional",
    answer: { status: 201, description: "The person.", schema: PersonAnswer },
    problems: ["person-exists"],
  })
  add(
    @Body() body: NewPerson,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ): Promise<PersonAnswer> {
    return this.keys.once(caller.id, key, async (sql) => {
      const everybody = await this.people.lock(sql);
      const person = newStaff(body, idOf(body, everybody));
      const known = everybody.find(({ id }) => id === person.id);
      if (known && canonicalJson(known) === canonicalJson(person)) return personAnswer(known);
      if (known) throw taken("id", person.id);
      return this.put(sql, person, everybody, body);
    });
  }

  @Patch(":id")
  @Route({
    summary: "Change a person",
    description:
      "What is given replaces what there was; `told` field by field; `null` removes. Roles count from the next request on.",
    access: "administer",
    params: PersonById,
    body: PersonChanges,
    answer: { status: 200, description: "The person.", schema: PersonAnswer },
    problems: ["person-exists"],
  })
  change(@Param() { id }: PersonById, @Body() body: PersonChanges): Promise<PersonAnswer> {
    return this.transactions.transaction(async (sql) => {
      const everybody = await this.people.lock(sql);
      const person = everybody.find((one) => one.id === id);
      if (!person) throw new ProblemError({ name: "not-found", detail: "There is no such person." });
      return this.put(sql, changedStaff(person, body), everybody, body);
    });
  }

  /** Only what the request says is judged: nobody's telephone number waits for another's deputy. */
  private async put(
    sql: Sql,
    person: StaffMember,
    everybody: readonly StaffMember[],
    body: object,
  ): Promise<PersonAnswer> {
    const others = everybody.filter(({ id }) => id !== person.id);
    const sites = new Set((await this.places.all(sql)).map(({ id }) => id));
    const before = everybody.find(({ id }) => id === person.id);
    const faults = staffFaults(person, others, sites, before).filter(({ pointer }) =>
      Object.hasOwn(body, pointer.split("/")[1]!),
    );
    if (faults.length > 0) throw invalidData(faults);
    const namesake = others.find(({ email }) => email === person.email);
    if (namesake) throw taken("address", namesake.id);
    await this.people.put(sql, person);
    return personAnswer(person);
  }
}

/** Of whoever has the address already, where no id is given: a request that comes twice adds one person. */
function idOf({ id, email }: NewPerson, everybody: readonly StaffMember[]): string {
  return id ?? everybody.find((one) => one.email === email.toLowerCase())?.id ?? randomUUID();
}

function taken(what: "id" | "address", person: string): ProblemError {
  return new ProblemError({ name: "person-exists", detail: `This ${what} belongs to ${person} already.`, person });
}
