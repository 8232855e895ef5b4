import { findMongoServer, type MongoServer } from './mongo-server';

declare global {
  var mongoServerOfTheTests: MongoServer | undefined;
}

/**
 * Tells all suites where their database is. Where none can be had, only the suites that ask for one fail, with the
 * reason given here.
 */
export default async function setUp(): Promise<void> {
  if (process.env.MONGODB_TEST_URI) return;
  try {
    globalThis.mongoServerOfTheTests = await findMongoServer(process.env);
    process.env.MONGODB_TEST_URI = globalThis.mongoServerOfTheTests.uri;
  } catch (error) {
    process.env.MONGODB_TEST_FAILURE = error instanceof Error ? error.message : String(error);
  }
}
