/** Stops the database that the set-up started; in watch mode the next run then looks for one again. */
export default async function tearDown(): Promise<void> {
  const server = globalThis.mongoServerOfTheTests;
  if (!server) return;
  globalThis.mongoServerOfTheTests = undefined;
  delete process.env.MONGODB_TEST_URI;
  await server.stop();
}
