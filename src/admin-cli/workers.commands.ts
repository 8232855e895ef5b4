import { type Command, Option } from 'commander';
import { EXIT, type ExitStatus, WrongUsage } from './cli-error';
import { workerIdOf } from './find-worker';
import { type Act, type PageOptions, type Session, wholeNumber, withPages } from './session';
import { tellFailure } from './tell-failure';
import {
  type Connection,
  connectionLines,
  outcome,
  type Worker,
  workerLines,
  workerTable,
} from './worker-text';

const WORKERS = '/api/v1/workers';

interface ListOptions extends PageOptions {
  readonly status?: string;
  readonly region?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly terminated?: boolean;
}

interface StopOptions {
  readonly reason?: string;
  readonly force?: boolean;
  readonly labs?: string;
}

interface SnoozeOptions {
  readonly minutes?: number;
  readonly until?: string;
  readonly reason?: string;
  readonly end?: boolean;
}

export function addWorkers(program: Command, act: Act): void {
  const workers = program.command('workers').description('see and change workers, by name or id');

  withPages(workers.command('list').description('all that are not terminated'))
    .option('--status <list>', 'such as RUNNING,STOPPED')
    .option('--region <list>', 'of AWS')
    .option('--tag <key:value>')
    .option('--search <text>', 'part of the name or of the instance id')
    .option('--terminated', 'those that are terminated, too')
    .action(act((session, options: ListOptions) => list(session, options)));

  workers
    .command('show <worker>')
    .description('all about one')
    .action(
      act(async (session, worker: string) => {
        const answer = await session.api.get<Worker>(await pathOf(session, worker));
        session.show(answer, (body) => workerLines(body, session.io.now()));
      }),
    );

  workers
    .command('start <worker...>')
    .description('want it to run')
    .option('--reason <text>', 'why, for those who read the history')
    .action(
      act((session, names: string[], { reason }: { reason?: string }) =>
        changeEach(session, names, (path) => session.api.post<Worker>(`${path}/start`, { reason })),
      ),
    );

  workers
    .command('stop <worker...>')
    .description('want it to be stopped')
    .option('--reason <text>', 'why, for those who read the history')
    .option('--force', 'although labs run, or nobody can tell')
    .addOption(
      new Option('--labs <how>', 'of a forced stop: stop its labs in order first, or cut them off').choices([
        'stop',
        'cut',
      ]),
    )
    .action(
      act((session, names: string[], { reason, force, labs }: StopOptions) =>
        changeEach(session, names, (path) =>
          session.api.post<Worker>(`${path}/stop`, { reason, force, labs }),
        ),
      ),
    );

  workers
    .command('snooze <worker>')
    .description('no automatic stop for a while')
    .option('--minutes <n>', 'for so long', wholeNumber)
    .option('--until <time>', 'RFC 3339')
    .option('--reason <text>', 'why; needed but to end it')
    .option('--end', 'end it instead')
    .action(act((session, worker: string, options: SnoozeOptions) => snooze(session, worker, options)));

  workers
    .command('connection <worker>')
    .description('where to connect; counts as a use of the worker. Exit status 1 while it is not ready')
    .action(
      act(async (session, worker: string) => {
        const answer = await session.api.get<Connection>(`${await pathOf(session, worker)}/connection`);
        session.show(answer, connectionLines);
        return answer.body.ready ? EXIT.fine : EXIT.failed;
      }),
    );
}

function list(session: Session, options: ListOptions): Promise<void> {
  const { status, region, tag, search, terminated, limit, cursor } = options;
  const query = { status, awsRegion: region, tag, q: search, includeTerminated: terminated, limit, cursor };
  return session.showList<Worker>(WORKERS, query, (items) => workerTable(items, session.io.now()));
}

/** Each by itself: one that is refused does not keep the others. Answers the status of the first that was. */
async function changeEach(
  session: Session,
  names: readonly string[],
  change: (path: string) => ReturnType<typeof session.api.post<Worker>>,
): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.fine;
  for (const name of names) {
    try {
      session.show(await change(await pathOf(session, name)), outcome);
    } catch (error) {
      const one = tellFailure(error, session, names.length > 1 ? name : null);
      if (one === EXIT.interrupted) return one;
      status ||= one;
    }
  }
  return status;
}

async function snooze(session: Session, worker: string, options: SnoozeOptions): Promise<void> {
  const { minutes, until, reason, end } = options;
  if ([minutes, until, end].filter((given) => given !== undefined).length !== 1) {
    throw new WrongUsage('Give --minutes, --until or --end, one of them.');
  }
  if (!end && reason === undefined) throw new WrongUsage('Give --reason: those who wonder read it.');
  const path = `${await pathOf(session, worker)}/snooze`;
  const answer = end
    ? await session.api.delete<Worker>(path)
    : await session.api.post<Worker>(path, { minutes, until, reason });
  session.show(answer, ({ name, snoozedUntil }) => [
    snoozedUntil ? `${name} is not stopped automatically until ${snoozedUntil}.` : `${name} is not snoozed.`,
  ]);
}

async function pathOf({ api }: Session, worker: string): Promise<string> {
  return `${WORKERS}/${encodeURIComponent(await workerIdOf(api, worker))}`;
}
