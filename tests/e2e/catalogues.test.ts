import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { contentHash } from "../../src/core/index.js";
import { PathwaysStart } from "../../src/pathways/pathways-start.js";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, PATHWAY, report } from "./support/story.js";

const yaml = { "content-type": "application/yaml" };
const at = (language: string, version = "1.1.0") => `/api/pathways/${PATHWAY}/${version}/catalogues/${language}`;

describe("words lie beside a version, and the newest hold", () => {
  let server: Server;
  let german: Body;
  beforeAll(async () => {
    server = await startServer();
    german = parse(await readFile(join(PACKAGE_ROOT, "pathways", PATHWAY, "1.1.0.de.yaml"), "utf8"));
  });
  afterAll(() => server.stop());
  const read = (language: string, version?: string) => server.api.get(at(language, version), { as: "coordinator" });
  const publish = (body: unknown, language = "de", headers?: Record<string, string>) =>
    server.api.post(at(language), body, { as: "admin", headers });

  it("are published at the start, in two languages for both versions", async () => {
    for (const version of ["1.0.0", "1.1.0"]) {
      for (const language of ["en", "de"]) {
        const { status, body } = await read(language, version);
        expect({ status, instead: body.instead }).toEqual({ status: 200, instead: [] });
        expect(body).toMatchObject({ pathway: PATHWAY, version, language });
        expect(body.catalogues[0]).toMatchObject({ language, number: 1, hash: body.hash, publishedBy: "pathkeeper" });
      }
    }
    const { body } = await read("de");
    expect(body.hash).toBe(contentHash(german));
    expect(body.words.states["safety.urgent"]).toMatchObject({
      task: "Dringend: Kompression von Rückenmark oder Cauda equina?",
      mail: "Dringend: Warnzeichen ist zu beurteilen",
    });
    expect(body.words.events["pain.scored"].fields.index.title).toBe("Plexusschmerz, 0 bis 10");
    expect(body.words.plots.adherence.review.state).toBe("treatment.responseReview");
  });

  it("fall back to English where there is no such language, and to the language without its region", async () => {
    const french = (await read("fr")).body;
    expect(french).toMatchObject({ language: "fr", hash: null, catalogues: [{ language: "en" }] });
    expect(french.words).toEqual((await read("en")).body.words);
    expect(new Set(french.instead.map(({ from }: Body) => from))).toEqual(new Set(["en"]));
    const swiss = (await read("de-CH")).body;
    expect(swiss.catalogues.map(({ language }: Body) => language)).toEqual(["de", "en"]);
    expect(swiss.words).toEqual((await read("de")).body.words);
    expect((await read("German")).status).toBe(404);
    expect((await read("de", "7.0.0")).status).toBe(404);
    expect((await server.api.get(at("de"))).status).toBe(401);
  });

  it("are mended by an administrator; the older ones are kept, and nobody is moved", async () => {
    const { id } = await enrol(server.api);
    const before = (await server.api.get(`/api/enrolments/${id}`, { as: "coordinator" })).body;
    const { course: _, ...tracks } = german.tracks;
    const mended = { ...german, tracks: { ...tracks, pain: "Schmerzen" } };
    const first = await publish(stringify(mended), "de", yaml);
    expect(first).toMatchObject({ status: 201, body: { language: "de", number: 2, publishedBy: "admin" } });
    expect((await publish(mended)).body).toEqual(first.body);
    const { body } = await read("de");
    expect(body).toMatchObject({ hash: first.body.hash, words: { tracks: { pain: "Schmerzen", course: "Course" } } });
    expect(body.instead).toEqual([{ word: "tracks / course", from: "en" }]);
    const { items } = (await server.api.get(`/api/pathways/${PATHWAY}/1.1.0/catalogues`, { as: "lead" })).body;
    expect(items.map(({ language, number }: Body) => `${language} ${number}`)).toEqual(["de 2", "de 1", "en 1"]);
    const after = (await server.api.get(`/api/enrolments/${id}`, { as: "coordinator" })).body;
    expect({ ...after, projectedTo: null }).toEqual({ ...before, projectedTo: null });
  });

  it("stay mended at the next start, and can be taken back", async () => {
    await server.restart();
    expect((await read("de")).body.words.tracks.pain).toBe("Schmerzen");
    expect(await publish(german)).toMatchObject({ status: 201, body: { number: 3, hash: contentHash(german) } });
    expect((await read("de")).body.words.tracks.pain).toBe("Schmerz");
  });

  it("that are published twice at once are published once", async () => {
    const mended = { ...german, title: "Anders" };
    const replies = await Promise.all([publish(mended), publish(mended), publish(mended)]);
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(replies.map(({ body }) => body.number))).toEqual(new Set([4]));
  });

  it("are refused with every fault, each with its place, and change nothing", async () => {
    const { hash } = (await read("de")).body;
    const faulty = {
      ...german,
      states: { ...german.states, "safety.urgnt": { title: "Dringend" } },
      messages: { ...german.messages, reminder: { subject: "{name}", body: "{lnk}" } },
    };
    const reply = await publish(stringify(faulty), "de", yaml);
    expect(reply).toMatchObject({ status: 422, body: { type: "/problems/invalid-document" } });
    expect(reply.body.errors.map(({ detail }: Body) => detail).sort()).toEqual([
      "The body of the message `reminder` asks for the unknown field `{lnk}`; perhaps `link` is meant.",
      "The catalogue has words for the unknown state `safety.urgnt`: perhaps `safety.urgent` is meant.",
      expect.stringMatching(/^The subject of the message `reminder` goes to staff and asks for `\{name\}`/),
    ]);
    for (const { line } of reply.body.errors) expect(line).toEqual(expect.any(Number));
    expect((await publish(german, "en")).body.errors).toEqual([
      expect.objectContaining({ pointer: "/language", detail: expect.stringContaining("is sent as `en`") }),
    ]);
    expect(await publish("a: [", "de", yaml)).toMatchObject({ status: 422 });
    expect(await server.api.post(at("de"), german, { as: "lead" })).toMatchObject({ status: 403 });
    expect((await read("de")).body.hash).toBe(hash);
  });

  it("are never edited in the database either", async () => {
    for (const change of ["update pathway_catalogue set language = 'fr'", "delete from pathway_catalogue"]) {
      await expect(server.database.owner.query(change)).rejects.toThrow("append-only");
    }
  });
});

describe("a start with words that are wrong", () => {
  const startWith = async (name: string, text: string): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), "catalogues-"));
    try {
      await mkdir(join(folder, "wound"));
      await writeFile(join(folder, "wound", name), text);
      await new PathwaysStart(null as never, null as never, null as never, folder).onModuleInit();
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it("is refused, and names the file and the mend", async () => {
    await expect(startWith("1.0.0.de.yaml", "pathway: wound\nversion: 1.0.0\nlanguage: en\n")).rejects.toThrow(
      "wound/1.0.0.de.yaml holds the words of wound@1.0.0 in en: move it to wound/1.0.0.en.yaml, or mend its first lines.",
    );
    await expect(
      startWith("1.0.0.de.yaml", "pathway: wound\nversion: 1.0.0\nlanguage: de\nsates: {}\n"),
    ).rejects.toThrow(/wound\/1\.0\.0\.de\.yaml:4:1: The document has an unknown field `sates`/);
  });
});

describe("the second version is what a new enrolment is on", () => {
  let server: Server;
  beforeAll(async () => (server = await startServer({ at: "2026-01-05T09:00:00Z" })));
  afterAll(() => server.stop());

  it("holds messages while a death is reported and not decided on, and says so", async () => {
    const { id } = await enrol(server.api);
    const stopped = { type: "radiotherapy.stopped", data: { reason: "died", volumes: [] } };
    const { body } = await report(server.api, id, stopped);
    expect(body.takenBy).toEqual(["course"]);
    expect(body.enrolment.flags).toEqual([
      { name: "exitSuggested", severity: "warning", text: expect.any(String), holdsMessages: true },
    ]);
    const dismissed = { type: "exit.dismissed", data: { reason: "Another patient was meant." } };
    expect((await report(server.api, id, dismissed)).body.enrolment.flags).toEqual([]);
  });

  it("tells whose review of a red flag another one meets", async () => {
    const { id } = await enrol(server.api);
    await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    const review = (outcome: string) => ({ type: "redFlag.reviewed", data: { outcome } });
    await report(server.api, id, review("excluded"), "clinician");
    const { status, body } = await report(server.api, id, review("confirmed"), "clinician2");
    expect({ status, safety: body.enrolment.state.safety }).toEqual({ status: 201, safety: "underTreatment" });
    expect(body.enrolment.derived.redFlagReviews).toMatchObject([
      { by: "clinician", outcome: "excluded" },
      { by: "clinician2", outcome: "confirmed" },
    ]);
  });
});
