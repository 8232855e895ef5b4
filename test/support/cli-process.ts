import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface CliResult {
  /** null where a signal ended it */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Begins a command of a root as a process of its own, compiled by `compileApp`. */
export function startCliProcess(
  env: Readonly<Record<string, string>>,
  root: 'cli' | 'admin-cli',
  ...args: string[]
): { readonly child: ChildProcess; readonly result: Promise<CliResult> } {
  const script = join(__dirname, '../../.build', `${root}.js`);
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { child, result: ended.then(([out, err, [status]]) => ({ status, out, err })) };
}

/** Runs a command of the tools to its end. */
export function runCliProcess(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CliResult> {
  return startCliProcess(env, 'cli', ...args).result;
}
