import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

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
  for (const start of [startMongod, startMemoryServer, startScript]) {
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

async function startMongod(environment: Environment): Promise<MongoServer> {
  const mongod = await findOnPath('mongod', environment.PATH ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'cml-fleet-mongod-'));
  const port = await freePort();
  const options = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  const child = spawn(mongod, options, { stdio: 'ignore' });
  const stop = async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswering(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri: `mongodb://127.0.0.1:${port}/?directConnection=true`, stop };
}

async function startMemoryServer(): Promise<MongoServer> {
  const { MongoMemoryServer } = await import('mongodb-memory-server-core');
  const server = await MongoMemoryServer.create();
  return { uri: server.getUri(), stop: async () => void (await server.stop()) };
}

async function startScript(environment: Environment): Promise<MongoServer> {
  const { stdout } = await run(SCRIPT, ['up'], { env: environment });
  const uri = stdout.trim().split('\n').at(-1) ?? '';
  return { uri, stop: async () => void (await run(SCRIPT, ['down'], { env: environment })) };
}

async function findOnPath(name: string, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  throw new Error('not on the PATH');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilAnswering(port: number, child: ChildProcess): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (let tries = 0; tries < 150; tries += 1) {
    if (failure) throw failure as Error;
    if (child.exitCode !== null) throw new Error(`it ended with exit status ${child.exitCode}`);
    if (await answers(port)) return;
    await pause(200);
  }
  throw new Error('it does not answer after 30 s');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
