import { randomUUID } from "node:crypto";
import type { Api, Body, Reply, User } from "./api.js";

export const PATHWAY = "neoplastic-lumbosacral-plexopathy";

export const RADIOTHERAPY = {
  course: "1",
  intent: "palliative",
  reirradiation: false,
  volumes: [{ name: "sacral plexus", plannedDose: { value: 3000, unit: "cGy" }, plannedFractions: 10 }],
};

export const IMPROVED = { subjective: "improved", objective: "stable", pain: 2, analgesicUse: "less", redFlags: [] };

export function patient(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    identifiers: [{ system: "urn:hospital", value: randomUUID() }],
    familyName: "Example",
    givenName: "Ada",
    birthDate: "1960-04-12",
    ...changes,
  };
}

export async function enrol(api: Api, body: Record<string, unknown> = {}, as: User = "coordinator"): Promise<Body> {
  const reply = await api.post("/api/enrolments", { pathway: PATHWAY, patient: patient(), ...body }, { as });
  if (reply.status !== 201) throw new Error(`Enrolling was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}

export function report(
  api: Api,
  enrolmentId: string,
  event: Record<string, unknown>,
  as: User = "coordinator",
  key?: string | null,
): Promise<Reply> {
  return api.post(`/api/enrolments/${enrolmentId}/events`, event, { as, key });
}

export function taskKeys(enrolment: Body): string[] {
  return enrolment.tasks.map((task: Body) => task.key).sort();
}
