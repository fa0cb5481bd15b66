import type { Role } from "../core/index.js";
import type { Access } from "../http/index.js";

/** Roles that open each kind of access; `system` stands for machines that report events and read. */
export const ROLES_FOR: Record<Exclude<Access, "public" | "anyone">, readonly Role[]> = {
  readPatients: ["coordinator", "clinician", "lead", "system", "auditor"],
  writePatients: ["coordinator", "clinician", "lead", "system"],
  administer: ["admin"],
  audit: ["auditor"],
};

export type Permission = keyof typeof ROLES_FOR;

export function opens(roles: readonly Role[], permission: Permission): boolean {
  return ROLES_FOR[permission].some((role) => roles.includes(role));
}
