export default async function tearDown() {
  await globalThis.pathkeeperTestServices?.stop();
}
