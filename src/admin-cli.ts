#!/usr/bin/env node
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from './admin-cli/cli-error';
import { runAdminCli } from './admin-cli/run-admin-cli';

/** Ends what is under way at Ctrl-C; a second one ends the process. */
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

// who reads the output may leave first, as `head` does
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.fine);
});

/** The command line for admins, over the HTTP API: see `--help`. */
runAdminCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  now: () => new Date(),
  pause: (ms, signal) => pause(ms, undefined, { signal }),
  signal: interruption.signal,
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = EXIT.failed;
  },
);
