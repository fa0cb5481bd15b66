import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "../core/index.js";

interface Claims {
  person: string;
  until: Instant;
}

/** A token says who until when, and nothing is stored: it outlives a restart because its key does. */
export function signToken(key: Buffer, claims: Claims): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${payload}.${sign(key, payload).toString("base64url")}`;
}

/** The person whom the token names; undefined for one that is forged, cut short or past its time. */
export function readToken(key: Buffer, token: string, now: Instant): string | undefined {
  const [payload, signature, ...rest] = token.split(".");
  if (!payload || !signature || rest.length > 0) return undefined;
  const given = Buffer.from(signature, "base64url");
  const expected = sign(key, payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
  return claims.until > now ? claims.person : undefined;
}

function sign(key: Buffer, payload: string): Buffer {
  return createHmac("sha256", key).update(payload).digest();
}
