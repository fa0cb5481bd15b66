import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of package.json, whether this runs from `src` or from `dist/src`. */
export const PACKAGE_ROOT = findUp(dirname(fileURLToPath(import.meta.url)));

function findUp(directory: string): string {
  return existsSync(join(directory, "package.json")) ? directory : findUp(dirname(directory));
}
