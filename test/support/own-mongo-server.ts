import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endMongod, findOnPath, freePort, startMongod } from './mongod';

/** A database server that nobody else uses, so that it may be killed. */
export interface OwnMongoServer {
  readonly uri: string;
  /** kill -9, as a power cut; what it held in memory is gone */
  kill(): Promise<void>;
  /** Starts it again after a kill, on the same data and at the same address. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

const SCRIPT = join(__dirname, '../../scripts/test-mongo.sh');
const run = promisify(execFile);

let instances = 0;

/**
 * A server of the suite's own, even where MONGODB_TEST_URI names one: a mongod that is on the PATH or that
 * mongodb-memory-server downloads, or else an instance of scripts/test-mongo.sh.
 * @throws Error saying what was tried, and what to install
 */
export async function ownMongoServer(): Promise<OwnMongoServer> {
  const failures: string[] = [];
  const ways = {
    'mongod on the PATH': async () => ownMongod(await findOnPath('mongod', process.env.PATH ?? '')),
    'downloaded mongod': async () => ownMongod(await downloadedMongod()),
    'scripts/test-mongo.sh': ownScriptInstance,
  };
  for (const [name, start] of Object.entries(ways)) {
    try {
      return await start();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }
  throw new Error(
    'No MongoDB that this suite may kill. Install mongod, or what scripts/test-mongo.sh needs (root, apt, Go).\n' +
      failures.join('\n'),
  );
}

async function downloadedMongod(): Promise<string> {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  return MongoBinary.getPath();
}

async function ownMongod(mongod: string): Promise<OwnMongoServer> {
  const folder = await mkdtemp(join(tmpdir(), 'cml-fleet-mongod-'));
  const port = await freePort();
  let child = await startMongod(mongod, folder, port).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    kill: () => endMongod(child, 'SIGKILL'),
    restart: async () => {
      child = await startMongod(mongod, folder, port);
    },
    stop: async () => {
      await endMongod(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ownScriptInstance(): Promise<OwnMongoServer> {
  instances += 1;
  const env = {
    ...process.env,
    INSTANCE: `test-${process.pid}-${instances}`,
    PG_PORT: String(await freePort()),
    MONGO_PORT: String(await freePort()),
  };
  const script = async (action: string) => (await run(SCRIPT, [action], { env })).stdout.trim();
  const uri = (await script('up')).split('\n').at(-1) ?? '';
  let kills = 0;
  return {
    uri,
    // its two processes die in turns: the wire protocol's, too, may be lost on its own
    kill: async () => {
      kills += 1;
      await script('kill');
      if (kills % 2 === 0) await script('kill-ferretdb');
    },
    restart: async () => void (await script('up')),
    stop: async () => void (await script('remove')),
  };
}
