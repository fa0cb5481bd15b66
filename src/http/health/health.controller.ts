import { Controller, Get, Header, Inject } from "@nestjs/common";
import { Registry } from "prom-client";
import { Route } from "../route.decorator.js";
import { Type } from "typebox";
import { ProblemError } from "../problems.js";
import { Probes } from "../../platform/probes.js";
import type { QueueStore } from "../../platform/queues.js";
import { QUEUE_STORE } from "../../platform/tokens.js";

const PATIENCE_MS = 3_000;
const Alive = Type.Object({ status: Type.Literal("ok") });
const Ready = Type.Object({
  status: Type.Literal("ok"),
  queue: Type.Union([Type.Literal("ok"), Type.Literal("unreachable")], {
    description: "Without the queue timers fire some seconds late, by the sweeper; the service stays ready.",
  }),
});

@Controller()
export class HealthController {
  constructor(
    private readonly probes: Probes,
    @Inject(QUEUE_STORE) private readonly queues: QueueStore,
    private readonly registry: Registry,
  ) {}

  @Get("health/live")
  @Route({
    summary: "Is the process alive?",
    access: "public",
    answer: { status: 200, description: "It is.", schema: Alive },
  })
  live(): { status: "ok" } {
    return { status: "ok" };
  }

  @Get("health/ready")
  @Route({
    summary: "Can it serve?",
    access: "public",
    answer: { status: 200, description: "It can: the database answers.", schema: Ready },
  })
  async ready(): Promise<{ status: "ok"; queue: "ok" | "unreachable" }> {
    if (!(await this.probes.answersWithin(PATIENCE_MS))) {
      throw new ProblemError({ name: "unavailable", detail: "The database does not answer." });
    }
    return { status: "ok", queue: this.queues.isReachable() ? "ok" : "unreachable" };
  }

  @Get("metrics")
  @Header("content-type", Registry.PROMETHEUS_CONTENT_TYPE)
  @Route({
    summary: "Measurements for Prometheus",
    access: "public",
    answer: { status: 200, description: "In Prometheus' text format.", schema: Type.String(), type: "text/plain" },
  })
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
