import type { LoggerService } from "@nestjs/common";
import { pino, stdTimeFunctions, type Level, type Logger } from "pino";
import type { LogLevel } from "./config.js";

/** Structured lines on standard error; standard output is for people and for the answers of commands. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Written at once, so that a process that is killed has said what it had to say.
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Nest tells at length how it puts itself together. */
const FRAMEWORK = new Set(["NestFactory", "InstanceLoader", "RoutesResolver", "RouterExplorer", "NestApplication"]);

/** Nest's `Logger` writes here. A message is a sentence, or an object with ids and codes; never personal data. */
export class PinoLoggerService implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(String(rest.at(-1))) ? "debug" : "info", message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write("error", message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write("warn", message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write("debug", message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write("trace", message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write("fatal", message, rest);
  }

  /** The last parameter is the context; one before it is a stack. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === "string" ? (rest.at(-1) as string) : undefined;
    const stack = rest.length > 1 && typeof rest[0] === "string" ? rest[0] : undefined;
    if (message instanceof Error) this.logger[level]({ context, stack: message.stack }, message.message);
    else if (typeof message === "object" && message !== null) this.logger[level]({ context, ...message });
    else this.logger[level]({ context, stack }, String(message));
  }
}
