import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { INestApplicationContext } from "@nestjs/common";
import { makeCalendar } from "../core/index.js";
import { type Answer, Engine } from "../engine/index.js";
import { problemOfRefusal } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { actorAt, People, rolesAt } from "../people/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Config } from "../platform/config.js";
import { PACKAGE_ROOT } from "../platform/package-root.js";
import { Misconfigured, StartError } from "../platform/start-error.js";
import { MAIN_SITE, Sites } from "../sites/index.js";
import { enrolmentsOf, type Loading } from "./enrolments.js";
import { type Demonstration, readDemonstration } from "./told.js";

const FOLDER = join(PACKAGE_ROOT, "demo");
const ENROLLED_BY = "coordinator";

/** How many people were enrolled, and how many an earlier start had enrolled already. */
export interface Loaded {
  enrolled: number;
  known: number;
}

const refused = (): Misconfigured =>
  new Misconfigured(
    "--demo needs the demonstration sign-in, which exists on a loopback HOST only, and not with ROLE=worker: synthetic patients do not belong among real ones.",
  );

/** Before anything is opened or made. */
export function refuseDemonstration({ http, role }: Config): void {
  if (!http.isLoopback || role === "worker") throw refused();
}

/** Enrols the people of the folder `demo` as a coordinator would; who is here already stays as they are. */
export async function loadDemonstration(app: INestApplicationContext): Promise<Loaded> {
  const loading = await prepare(app);
  const loaded = { enrolled: 0, known: 0 };
  for (const file of (await readdir(FOLDER)).filter((name) => name.endsWith(".yaml")).sort()) {
    const demonstration = readDemonstration(await readFile(join(FOLDER, file), "utf8"), `demo/${file}`);
    await refuseUnpublished(app.get(PathwayRegistry, { strict: false }), demonstration, `demo/${file}`);
    const engine = app.get(Engine, { strict: false });
    const answers = await Promise.all(enrolmentsOf(demonstration, loading).map((command) => engine.execute(command)));
    answers.forEach((answer, index) => {
      const { asOf } = snapshotOf(answer, `demo/${file}, patient ${demonstration.patients[index]!.id}`);
      // What an earlier start did is answered as it was then.
      loaded[asOf < loading.now ? "known" : "enrolled"]++;
    });
  }
  return loaded;
}

export function describeLoaded({ enrolled, known }: Loaded): string {
  if (known === 0) return `${enrolled} demonstration patients are enrolled.`;
  if (enrolled === 0) return `${known} demonstration patients are here already.`;
  return `${enrolled} demonstration patients are enrolled, ${known} are here already.`;
}

async function prepare(app: INestApplicationContext): Promise<Loading> {
  const people = new Map((await app.get(People, { strict: false }).all()).map((person) => [person.id, person]));
  const person = people.get(ENROLLED_BY);
  if (!person) throw refused();
  const site = (await app.get(Sites, { strict: false }).find(MAIN_SITE))!;
  return {
    actor: actorAt(person, site.id),
    site: site.id,
    performerOf: (user) => ({ person: user, roles: rolesAt(people.get(user) ?? { grants: [] }, site.id) }),
    calendar: makeCalendar(site.calendar),
    now: app.get<Clock>(CLOCK, { strict: false }).now(),
  };
}

/** Asked before the engine is: its refusal would be answered to the same key for ever. */
async function refuseUnpublished(registry: PathwayRegistry, told: Demonstration, file: string): Promise<void> {
  const { pathway, version } = told;
  if (await registry.find(pathway, version)) return;
  throw new StartError(`${file} is about ${pathway}@${version}, which is not published here.`);
}

function snapshotOf(answer: Answer, whom: string): Extract<Answer, { kind: "enrolled" }>["snapshot"] {
  if (answer.kind === "enrolled") return answer.snapshot;
  if (answer.kind === "refused") {
    throw new StartError(`${whom}: not enrolled. ${problemOfRefusal(answer.refusal).detail}`);
  }
  throw new Error(`The engine answered "${answer.kind}" where "enrolled" was due.`);
}
