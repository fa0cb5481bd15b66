import { tsImport } from "tsx/esm/api";

/** Jest does not transform this file's imports; tsx does. */
export default async function setUp() {
  const { startServices } = await tsImport("./services.ts", import.meta.url);
  const services = await startServices();
  globalThis.pathkeeperTestServices = services;
  Object.assign(process.env, services.environment);
}
