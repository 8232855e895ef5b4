import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answers, endMongod, findOnPath, freePort, startMongod } from './mongod';

export interface MongoServer {
  readonly uri: string;
  /** Stops what was started for us; a server that stood already is left standing. */
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const SCRIPT = join(__dirname, '../../scripts/test-mongo.sh');
const run = promisify(execFile);
const leave = () => Promise.resolve();

/**
 * A server for the Mongo suites: MONGODB_TEST_URI, or the server of scripts/test-mongo.sh if it stands already, or a
 * `mongod` on the PATH, or one that mongodb-memory-server downloads, or that script.
 * @throws Error saying what was tried, and what to install
 */
export async function findMongoServer(environment: Environment): Promise<MongoServer> {
  const given = environment.MONGODB_TEST_URI;
  if (given) return { uri: given, stop: leave };
  const scriptPort = Number(environment.MONGO_PORT ?? 27117);
  if (await answers(scriptPort)) {
    return { uri: `mongodb://127.0.0.1:${scriptPort}/?directConnection=true&retryWrites=false`, stop: leave };
  }
  const failures: string[] = [];
  for (const start of [mongodOnPath, memoryServer, testMongoScript]) {
    try {
      return await start(environment);
    } catch (error) {
      failures.push(`${start.name}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }
  throw new Error(
    'No MongoDB for the tests. Set MONGODB_TEST_URI, or install mongod, or run scripts/test-mongo.sh up ' +
      `(root, apt, Go).\n${failures.join('\n')}`,
  );
}

async function mongodOnPath(environment: Environment): Promise<MongoServer> {
  const mongod = await findOnPath('mongod', environment.PATH ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'cml-fleet-mongod-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const port = await freePort();
    const child = await startMongod(mongod, folder, port);
    const stop = () => endMongod(child, 'SIGTERM').then(remove);
    return { uri: `mongodb://127.0.0.1:${port}/?directConnection=true`, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function memoryServer(): Promise<MongoServer> {
  const { MongoMemoryServer } = await import('mongodb-memory-server-core');
  const server = await MongoMemoryServer.create();
  return { uri: server.getUri(), stop: async () => void (await server.stop()) };
}

async function testMongoScript(environment: Environment): Promise<MongoServer> {
  const { stdout } = await run(SCRIPT, ['up'], { env: environment });
  const uri = stdout.trim().split('\n').at(-1) ?? '';
  return { uri, stop: async () => void (await run(SCRIPT, ['down'], { env: environment })) };
}
