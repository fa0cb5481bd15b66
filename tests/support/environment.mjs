import { TestEnvironment } from "jest-environment-node";

/** What a test file may not leave open when it ends. */
const WATCHED = ["Timeout", "Immediate", "TCPSocketWrap", "TCPServerWrap", "ProcessWrap"];
const PATIENCE_MS = 2_000;

/** Fails a test file that leaves a connection, a server, a timer or a process behind, and names what it left. */
export default class LeavesNothingOpen extends TestEnvironment {
  async setup() {
    await super.setup();
    this.before = count();
  }

  async teardown() {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.left().length > 0 && performance.now() < deadline) await pause(20);
    const left = this.left();
    await super.teardown();
    if (left.length > 0) throw new Error(`This file left something open: ${left.join(", ")}.`);
  }

  left() {
    const now = count();
    return WATCHED.filter((kind) => now[kind] > this.before[kind]).map(
      (kind) => `${now[kind] - this.before[kind]} ${kind}`,
    );
  }
}

function count() {
  const open = process.getActiveResourcesInfo();
  return Object.fromEntries(WATCHED.map((kind) => [kind, open.filter((name) => name === kind).length]));
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
