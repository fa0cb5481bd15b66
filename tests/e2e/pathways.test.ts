import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { PathwaysStart } from "../../src/pathways/pathways-start.js";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, PATHWAY } from "./support/story.js";

const yaml = { "content-type": "application/yaml" };

describe("pathways are published once and never edited", () => {
  let server: Server;
  let text: string;
  let document: Body;
  beforeAll(async () => {
    server = await startServer();
    text = await readFile(join(PACKAGE_ROOT, "pathways", PATHWAY, "1.0.0.yaml"), "utf8");
    document = parse(text);
  });
  afterAll(() => server.stop());
  const publish = (body: unknown, headers?: Record<string, string>) =>
    server.api.post("/api/pathways", body, { as: "admin", headers });

  it("lists what was published at the start, and shows it", async () => {
    const { body } = await server.api.get("/api/pathways", { as: "coordinator" });
    expect(body.items).toContainEqual({
      id: PATHWAY,
      version: "1.0.0",
      title: document.title,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      publishedBy: "pathkeeper",
    });
    const one = await server.api.get(`/api/pathways/${PATHWAY}/1.0.0`, { as: "coordinator" });
    expect(one.body.document).toEqual(document);
    const machine = await server.api.get(`/api/pathways/${PATHWAY}/1.0.0/xstate.json`, { as: "coordinator" });
    expect(machine).toMatchObject({ status: 200, body: { type: "parallel", states: { treatment: {} } } });
    expect(await server.api.get(`/api/pathways/${PATHWAY}/9.9.9`, { as: "lead" })).toMatchObject({ status: 404 });
    expect(await server.api.get(`/api/pathways/none/1.0.0/xstate.json`, { as: "lead" })).toMatchObject({ status: 404 });
  });

  it("takes YAML and JSON alike, and the same content again", async () => {
    const next = { ...document, version: "1.10.0" };
    const first = await publish(stringify(next), yaml);
    expect(first).toMatchObject({ status: 201, body: { id: PATHWAY, version: "1.10.0", publishedBy: "admin" } });
    expect(await publish(next)).toEqual({ ...first, headers: expect.anything() });
    const same = await publish(text, yaml);
    expect(same).toMatchObject({ status: 201, body: { version: "1.0.0" } });
  });

  it("409 for a version that exists with other content", async () => {
    const reply = await publish({ ...document, title: "Another title" });
    expect(reply).toMatchObject({ status: 409, body: { type: "/problems/version-exists" } });
  });

  it("422 with every fault of a document, each with its line", async () => {
    const faulty = text
      .replace(/^version: .*$/m, "version: 1.0.1")
      .replaceAll("after: {responseReview:", "after: {nonsense:");
    const machine = { ...document.machine, states: { only: {} } };
    const json = await publish({ ...document, version: "1.0.2", machine, nonsense: 1 });
    expect(json).toMatchObject({ status: 422, body: { type: "/problems/invalid-document" } });
    expect(json.body.errors.length).toBeGreaterThan(0);
    for (const error of json.body.errors)
      expect(error).toMatchObject({ pointer: expect.any(String), detail: expect.any(String) });
    const reply = await publish(`${faulty}\nnonsense: 1\n`, yaml);
    expect(reply.status).toBe(422);
    expect(reply.body.errors).toContainEqual(expect.objectContaining({ line: expect.any(Number) }));
    expect(await publish("a: [", yaml)).toMatchObject({ status: 422 });
    expect(await publish("just a text", yaml)).toMatchObject({ status: 422 });
  });

  it("enrols on the newest version unless another is named", async () => {
    await publish({ ...document, version: "1.9.0" });
    expect((await enrol(server.api)).pathway.version).toBe("1.10.0");
    expect((await enrol(server.api, { version: "1.0.0" })).pathway.version).toBe("1.0.0");
    const unknown = { pathway: PATHWAY, version: "7.0.0", patient: (await import("./support/story.js")).patient() };
    const reply = await server.api.post("/api/enrolments", unknown, { as: "lead" });
    expect([404, 422]).toContain(reply.status);
  });

  it("does not start with a document in the place of another, and publishes nothing of it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pathways-"));
    await mkdir(join(folder, "other"));
    await writeFile(join(folder, "other", "2.0.0.yaml"), text);
    const start = new PathwaysStart(null as never, null as never, null as never, folder);
    await expect(start.onModuleInit()).rejects.toThrow(
      `other/2.0.0.yaml holds ${PATHWAY}@1.0.0: move it to ${PATHWAY}/1.0.0.yaml, or mend its id and version.`,
    );
    await rm(folder, { recursive: true });
  });

  it("does not start when a live enrolment's version is missing or another, and names the enrolment", async () => {
    const { id } = await enrol(server.api, { version: "1.9.0" });
    const [row] = await server.database.owner.query("select * from pathway_version where version = '1.9.0'");
    await server.database.owner.query("alter table pathway_version disable trigger all");
    await server.database.owner.query("delete from pathway_version where version = '1.9.0'");
    await expect(server.restart()).rejects.toThrow(id);
    const { id: pathway, version, hash, published_at, published_by } = row;
    const restore = (content: object) =>
      server.database.owner.query(
        "insert into pathway_version values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6)",
        [pathway, version, hash, JSON.stringify(content), published_at, published_by],
      );
    await restore({ ...row.document, title: "Tampered with" });
    await expect(server.restart()).rejects.toThrow(id);
    await server.database.owner.query("delete from pathway_version where version = '1.9.0'");
    await restore(row.document);
    await server.restart();
  });
});
