import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** @throws Error when no folder of the path has such a program */
export async function findOnPath(name: string, path: string): Promise<string> {
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

/** A mongod on a folder, answering on its port. @throws Error when it does not come up */
export async function startMongod(mongod: string, folder: string, port: number): Promise<ChildProcess> {
  const options = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  const child = spawn(mongod, options, { stdio: 'ignore' });
  try {
    await untilAnswering(port, child);
  } catch (error) {
    await endMongod(child, 'SIGKILL');
    throw error;
  }
  return child;
}

export async function endMongod(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit');
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
