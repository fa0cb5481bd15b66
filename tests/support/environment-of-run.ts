/** What the global setup tells the test files. */
export function fromRun(
  name: "PATHKEEPER_TEST_ADMIN_URL" | "PATHKEEPER_TEST_REDIS_URL" | "PATHKEEPER_TEST_RUN",
): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test runs in the project "services" of jest.config.mjs.`);
  return value;
}
