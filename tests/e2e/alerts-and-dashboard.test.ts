import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { readPromQl } from "../support/promql.js";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";

const read = (path: string): string => readFileSync(new URL(`../../operations/${path}`, import.meta.url), "utf8");
const alerts: Body = parse(read("prometheus/alerts.yaml"));
const prometheus: Body = parse(read("prometheus/prometheus.yaml"));
const dashboard: Body = JSON.parse(read("grafana/dashboards/pathkeeper.json"));
const rules: Body[] = alerts.groups.flatMap((group: Body) => group.rules);
const panels: Body[] = dashboard.panels.filter(({ type }: Body) => type !== "row");
const targets: Body[] = panels.flatMap((panel) => panel.targets);

const DURATION = { type: "string", pattern: "^([0-9]+(ms|[smhdwy]))+$" };
const TEXTS = { type: "object", additionalProperties: { type: "string", minLength: 1 } };
const closed = { additionalProperties: false };

/** After https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ and …/recording_rules/. */
const RULES_FILE = {
  type: "object",
  required: ["groups"],
  properties: {
    groups: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "rules"],
        properties: {
          name: { type: "string", minLength: 1 },
          interval: DURATION,
          rules: {
            type: "array",
            minItems: 1,
            items: {
              type: "object",
              // Stricter than Prometheus: an alert that says nothing helps nobody.
              required: ["alert", "expr", "labels", "annotations"],
              properties: {
                alert: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
                expr: { type: "string", minLength: 1 },
                for: DURATION,
                keep_firing_for: DURATION,
                labels: { ...TEXTS, required: ["severity"], properties: { severity: { enum: ["page", "ticket"] } } },
                annotations: { ...TEXTS, required: ["summary", "description"] },
              },
              ...closed,
            },
          },
        },
        ...closed,
      },
    },
  },
  ...closed,
};

/** After https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/, as far as it is used. */
const SOURCE = { type: "object", properties: { type: { const: "prometheus" }, uid: { const: "prometheus" } } };
const DASHBOARD = {
  type: "object",
  required: ["uid", "title", "schemaVersion", "time", "panels", "templating", "annotations"],
  properties: {
    uid: { type: "string", maxLength: 40 },
    schemaVersion: { type: "integer", minimum: 36 },
    time: { type: "object", required: ["from", "to"] },
    panels: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "type", "title", "gridPos"],
        properties: {
          type: { enum: ["row", "stat", "timeseries"] },
          gridPos: {
            type: "object",
            required: ["x", "y", "w", "h"],
            properties: {
              x: { type: "integer", minimum: 0, maximum: 23 },
              y: { type: "integer", minimum: 0 },
              w: { type: "integer", minimum: 1, maximum: 24 },
              h: { type: "integer", minimum: 1 },
            },
            ...closed,
          },
          datasource: SOURCE,
          targets: {
            type: "array",
            minItems: 1,
            items: {
              type: "object",
              required: ["refId", "expr", "datasource", "legendFormat"],
              properties: {
                refId: { type: "string", pattern: "^[A-Z]$" },
                expr: { type: "string" },
                datasource: SOURCE,
              },
            },
          },
        },
        if: { properties: { type: { const: "row" } } },
        else: { required: ["targets", "datasource", "fieldConfig", "options", "description"] },
      },
    },
  },
};

describe("the alert rules and the dashboard", () => {
  let server: Server;
  /** Each series that Pathkeeper tells, with its labels. */
  let series: Map<string, Record<string, string>[]>;
  beforeAll(async () => {
    server = await startServer();
    await server.api.get("/api/sites", { as: "lead" });
    const { body } = await server.api.get("/metrics");
    series = new Map();
    for (const [, name, labels = ""] of String(body).matchAll(/^([a-z_0-9]+)(?:\{(.*)\})? \S+$/gm)) {
      const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label, value]) => [label, value]);
      series.set(name!, [...(series.get(name!) ?? []), Object.fromEntries(pairs)]);
    }
    // Prometheus adds them by itself.
    for (const all of series.values())
      for (const labels of all) Object.assign(labels, { job: "pathkeeper", instance: "" });
    series.set("up", [{ job: prometheus.scrape_configs[0].job_name, instance: "" }]);
  });
  afterAll(() => server.stop());

  const faults = (schema: object, value: unknown): unknown => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    return validate(value) ? [] : validate.errors;
  };

  it("are such as Prometheus and Grafana read", () => {
    expect(faults(RULES_FILE, alerts)).toEqual([]);
    expect(faults(DASHBOARD, dashboard)).toEqual([]);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(new Set(dashboard.panels.map(({ id }: Body) => id)).size).toBe(dashboard.panels.length);
    expect(prometheus.rule_files).toEqual(["alerts.yaml"]);
    const [source] = parse(read("grafana/provisioning/datasources/prometheus.yaml")).datasources;
    expect(source).toMatchObject({ uid: "prometheus", type: "prometheus" });
  });

  it("ask for metrics and labels that there are, and for nothing else", () => {
    const asked = [...rules, ...targets].map(({ expr }) => expr as string);
    expect(asked.length).toBeGreaterThan(25);
    for (const text of asked) {
      const { selectors, groupedBy } = readPromQl(text);
      expect(selectors.length).toBeGreaterThan(0);
      for (const { metric, matchers } of selectors) {
        expect([text, metric, series.has(metric)]).toEqual([text, metric, true]);
        const told = series.get(metric)!;
        for (const label of [...matchers.map((matcher) => matcher.label), ...groupedBy])
          expect([text, label, told.some((labels) => label in labels)]).toEqual([text, label, true]);
        for (const { label, operator, value } of matchers.filter((matcher) => /^!?=$/.test(matcher.operator)))
          expect([text, operator, value, told.some((labels) => labels[label] === value)]).toEqual([
            text,
            operator,
            value,
            true,
          ]);
      }
    }
  });

  it("name in their legends what they group by", () => {
    for (const { expr, legendFormat } of targets) {
      const { selectors, groupedBy } = readPromQl(expr);
      const known = [...groupedBy, ...(selectors.some(({ matchers }) => matchers.length > 0) ? ["instance"] : [])];
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect([expr, known]).toEqual([expr, expect.arrayContaining([label])]);
    }
  });

  it("between them look at everything that is measured of timers, tasks and streams", () => {
    const asked = new Set(
      [...rules, ...targets].flatMap(({ expr }) => readPromQl(expr).selectors.map(({ metric }) => metric)),
    );
    const families = [...series.keys()].filter((name) => name.startsWith("pathkeeper_"));
    const unseen = families.filter((name) => {
      const family = name.replace(/_(bucket|sum|count)$/, "");
      return ![...asked].some((metric) => metric.replace(/_(bucket|sum|count)$/, "") === family);
    });
    // The finer one by lateness stands for it.
    expect(unseen).toEqual(["pathkeeper_timers_overdue"]);
  });
});
