import { readFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { CliError, EXIT, type ExitStatus, WrongUsage } from './cli-error';
import { workerIdOf } from './find-worker';
import {
  controlLines,
  decisionLines,
  type IdleDecision,
  type ReaperControl,
  type ReaperRun,
  runTable,
  type Simulation,
  simulationLines,
} from './reaper-text';
import { type Act, type Session, wholeNumber } from './session';
import { plain } from './table';

const REAPER = '/api/v1/reaper';
const DAY = 86_400_000;
const POLL = 1_000;

interface Operation {
  readonly id: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface SimulateOptions {
  readonly from?: string;
  readonly to?: string;
  readonly tag?: string;
  readonly worker?: string[];
}

export function addReaper(program: Command, act: Act): void {
  const reaper = program.command('reaper').description('automatic stops of idle workers');

  reaper
    .command('explain <worker>')
    .description('what the reaper thinks of a worker now, rule by rule')
    .action(
      act(async (session, worker: string) => {
        const id = await workerIdOf(session.api, worker);
        const answer = await session.api.get<IdleDecision>(`/api/v1/workers/${id}/idle-decision`);
        session.show(answer, (body) => decisionLines(body, session.io.now()));
      }),
    );

  reaper
    .command('runs')
    .description('the latest turns: what each saw and did')
    .option('--limit <n>', 'how many', wholeNumber, 10)
    .option('--cursor <text>', 'those before a page that named it')
    .action(
      act((session, options: { limit: number; cursor?: string }) =>
        session.showList<ReaperRun>(`${REAPER}/runs`, { ...options }, runTable),
      ),
    );

  reaper
    .command('simulate <policy-file>')
    .description('what the policy in this JSON file would have done; null in it: the policies as they are')
    .option('--from <time>', 'RFC 3339; a week before its end')
    .option('--to <time>', 'RFC 3339; now')
    .option('--tag <key:value>', 'workers with this tag only')
    .option('--worker <worker...>', 'these only, by name or id')
    .action(act((session, file: string, options: SimulateOptions) => simulate(session, file, options)));

  reaper
    .command('pause')
    .description('no automatic stops at all')
    .requiredOption('--reason <text>', 'why')
    .option('--until <time>', 'RFC 3339; until somebody resumes them')
    .action(act((session, body: { reason: string; until?: string }) => control(session, 'pause', body)));

  reaper
    .command('resume')
    .description('end the pause, and close the circuit breaker')
    .requiredOption('--reason <text>', 'why')
    .action(act((session, body: { reason: string }) => control(session, 'resume', body)));
}

async function control(session: Session, verb: 'pause' | 'resume', body: object): Promise<void> {
  session.show(await session.api.post<ReaperControl>(`${REAPER}/${verb}`, body), controlLines);
}

async function simulate(session: Session, file: string, options: SimulateOptions): Promise<ExitStatus> {
  const { api, io } = session;
  const policy = await policyIn(file);
  const to = options.to ?? io.now().toISOString();
  const from = options.from ?? new Date(timeOf(to) - 7 * DAY).toISOString();
  const workerIds =
    options.worker && (await Promise.all(options.worker.map((name) => workerIdOf(api, name))));
  const order = { from, to, policy, tag: options.tag, workerIds };
  let { body: operation } = await api.post<Operation>(`${REAPER}/simulations`, order);
  io.err(`simulation ${operation.id} is under way`);
  while (operation.state === 'pending' || operation.state === 'running') {
    await session.pause(POLL);
    operation = (await api.get<Operation>(`/api/v1/operations/${operation.id}`)).body;
  }
  if (operation.state !== 'succeeded') {
    const why = operation.error ? `: ${plain(operation.error.message)} (${operation.error.code})` : '.';
    throw new CliError(
      `The simulation ${operation.state === 'failed' ? 'failed' : 'was cancelled'}${why}`,
      EXIT.failed,
    );
  }
  session.show(await api.get<Simulation>(`${REAPER}/simulations/${operation.id}`), simulationLines);
  return EXIT.fine;
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new WrongUsage(`${plain(text)} is no time: give one like 2027-01-31T00:00:00Z`);
  return time;
}

async function policyIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : (error as NodeJS.ErrnoException).code;
    throw new WrongUsage(`The policy ${plain(file)} cannot be read: ${why}.`, { cause: error });
  }
}
