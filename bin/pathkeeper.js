#!/usr/bin/env node
import { existsSync } from "node:fs";

const cli = new URL("../dist/src/cli.js", import.meta.url);

if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error("Pathkeeper is not built yet: run npm ci && npm run build first.");
  process.exitCode = 2;
}
