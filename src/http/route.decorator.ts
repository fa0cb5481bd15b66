import { applyDecorators, HttpCode } from "@nestjs/common";
import { RouteConfig } from "@nestjs/platform-fastify";
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCookieAuth,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
} from "@nestjs/swagger";
import type { TObject, TSchema } from "typebox";
import { PROBLEMS, type ProblemName } from "./problems.js";
import { problemsOf, type RouteContract } from "./contract.js";

/** States the contract of a route once: the interceptor and the guard keep it, the API description shows it. */
export function Route(contract: RouteContract): MethodDecorator {
  return applyDecorators(
    RouteConfig({ contract }),
    HttpCode(contract.answer.status),
    ApiOperation({ summary: contract.summary, ...(contract.description && { description: contract.description }) }),
    ...parameters(contract.params, (name, schema) => ApiParam({ name, schema: described(schema) })),
    ...parameters(contract.query, (name, schema, required) => ApiQuery({ name, required, schema: described(schema) })),
    ...body(contract),
    ...idempotency(contract),
    ...security(contract),
    ...[contract.answer, ...(contract.nothingNew ? [{ ...contract.answer, ...contract.nothingNew }] : [])].map(answer),
    ...problems(problemsOf(contract)),
  );
}

function answer({ status, description, schema, type = "application/json" }: RouteContract["answer"]): MethodDecorator {
  return ApiResponse({ status, description, ...(schema && { content: { [type]: { schema: described(schema) } } }) });
}

/** TypeBox schemas are plain JSON Schema; the library's type for them is that of OpenAPI 3.0. */
function described(schema: TSchema): object {
  return schema;
}

function parameters(
  schema: TObject | undefined,
  make: (name: string, schema: TSchema, required: boolean) => MethodDecorator,
): MethodDecorator[] {
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, property]) => make(name, property, required.has(name)));
}

function body(contract: RouteContract): MethodDecorator[] {
  if (!contract.body) return [];
  return [ApiConsumes(...(contract.consumes ?? ["application/json"])), ApiBody({ schema: described(contract.body) })];
}

function idempotency(contract: RouteContract): MethodDecorator[] {
  if (!contract.idempotency) return [];
  return [
    ApiHeader({
      name: "Idempotency-Key",
      required: contract.idempotency === "required",
      description: "1 to 255 characters. The same key with the same request brings the same outcome, for ever.",
      schema: { type: "string", minLength: 1, maxLength: 255 },
    }),
  ];
}

function security(contract: RouteContract): MethodDecorator[] {
  return contract.access === "public" ? [] : [ApiBearerAuth("bearer"), ApiCookieAuth("cookie")];
}

/** One response per status; several problems of one status stand in its description. */
function problems(names: readonly ProblemName[]): MethodDecorator[] {
  const statuses = new Set(names.map((name) => PROBLEMS[name].status));
  return [...statuses].map((status) =>
    ApiResponse({
      status,
      description: names
        .filter((name) => PROBLEMS[name].status === status)
        .map((name) => `\`/problems/${name}\`: ${PROBLEMS[name].text}`)
        .join("\n\n"),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    }),
  );
}
