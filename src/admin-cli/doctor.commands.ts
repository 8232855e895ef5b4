import { type Command } from 'commander';
import { CliError, EXIT, type ExitStatus } from './cli-error';
import { type Answer, type FleetApi } from './fleet-api';
import { ApiProblem } from './problem';
import { type Act, type Session } from './session';
import { plain, table } from './table';

/** Seconds that the clocks may differ: the Date header has whole ones, and an answer takes its time. */
const CLOCK_SLACK = 3;

/** `unclear`: it could not be found out, which is neither well nor ill. */
type Verdict = 'ok' | 'BAD' | 'unclear';

interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

interface Health {
  readonly status: string;
  readonly error?: Readonly<Record<string, object>>;
}

interface Me {
  readonly actor: string;
  readonly grants: readonly { readonly role: string; readonly scope: object | null }[];
  readonly expiresAt: string | null;
}

interface Regions {
  readonly items: readonly { readonly name: string; readonly state: string; readonly alarm: object | null }[];
}

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description(
      'is the server there and well, is the key valid, what may it do? Exit status 1: something is bad',
    )
    .action(act(doctor));
}

async function doctor(session: Session): Promise<ExitStatus> {
  const findings = await examine(session);
  if (session.json) session.io.out(JSON.stringify({ url: session.api.url, findings }));
  else
    session.out(
      table(
        ['CHECK', 'VERDICT', 'DETAIL'],
        findings.map((one) => [one.check, one.verdict, one.detail]),
      ),
    );
  return findings.some(({ verdict }) => verdict === 'BAD') ? EXIT.failed : EXIT.fine;
}

async function examine({ api, io }: Session): Promise<Finding[]> {
  const asked = io.now().getTime();
  const live = await attempt(api.get<Health>('/health/live'));
  if (live instanceof CliError) return [bad('server', live.message)];
  const seen = (asked + io.now().getTime()) / 2;
  return [
    { check: 'server', verdict: 'ok', detail: `${api.url} answers` },
    clockFinding(live.headers.get('date'), seen),
    await readyFinding(api),
    ...(await keyFindings(api, io.now())),
  ];
}

function clockFinding(date: string | null, seenMs: number): Finding {
  const check = 'clock';
  if (!date || Number.isNaN(Date.parse(date))) {
    return { check, verdict: 'unclear', detail: 'the server does not tell its time' };
  }
  const ahead = Math.round((seenMs - Date.parse(date)) / 1000);
  const off = `this machine's clock is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} the server's`;
  if (Math.abs(ahead) > CLOCK_SLACK) return bad(check, `${off}: set both by NTP`);
  return { check, verdict: 'ok', detail: 'as the server has it, to the second' };
}

async function readyFinding(api: FleetApi): Promise<Finding> {
  const ready = await attempt(api.get<Health>('/health/ready'));
  if (!(ready instanceof CliError)) return { check: 'health', verdict: 'ok', detail: 'ready' };
  const down = ready instanceof ApiProblem ? namesOfErrors(ready.text) : [];
  return bad('health', down.length > 0 ? `not ready: ${down.join(', ')}` : ready.message);
}

async function keyFindings(api: FleetApi, now: Date): Promise<Finding[]> {
  const me = await attempt(api.get<Me>('/api/v1/me'));
  if (!(me instanceof CliError)) {
    const { actor, grants, expiresAt } = me.body;
    const rights = grants.map(
      ({ role, scope }) => `${role} ${scope ? `of ${JSON.stringify(scope)}` : 'of the fleet'}`,
    );
    return [
      {
        check: 'key',
        verdict: 'ok',
        detail: `${actor}, ${expiresAt ? `until ${expiresAt}` : 'does not expire'}`,
      },
      { check: 'rights', verdict: 'ok', detail: rights.join('; ') || 'none' },
      ...(expiresAt && Date.parse(expiresAt) - now.getTime() < WEEK
        ? [bad('key', 'expires within a week')]
        : []),
      await regionsFinding(api),
    ];
  }
  if (me.status === EXIT.denied) return [bad('key', me.message)];
  if (me.status !== EXIT.notFound) return [{ check: 'key', verdict: 'unclear', detail: me.message }];
  // a server of an earlier version: it shows no more than whether it lets us in
  const listed = await attempt(api.get('/api/v1/workers', { limit: 1 }));
  if (listed instanceof CliError) return [bad('key', listed.message)];
  return [
    { check: 'key', verdict: 'ok', detail: 'valid' },
    { check: 'rights', verdict: 'unclear', detail: 'this server does not tell' },
    await regionsFinding(api),
  ];
}

const WEEK = 7 * 86_400_000;

async function regionsFinding(api: FleetApi): Promise<Finding> {
  const check = 'regions';
  const answer = await attempt<Answer<Regions>>(api.get<Regions>('/api/v1/regions'));
  if (answer instanceof CliError) return { check, verdict: 'unclear', detail: answer.message };
  const ill = answer.body.items.filter(({ state, alarm }) => state === 'failing' || alarm !== null);
  if (ill.length > 0) return bad(check, ill.map(({ name, state }) => `${name} ${state}`).join(', '));
  const unread = answer.body.items.filter(({ state }) => state === 'unknown').map(({ name }) => name);
  if (unread.length > 0) return { check, verdict: 'unclear', detail: `not read yet: ${unread.join(', ')}` };
  return { check, verdict: 'ok', detail: answer.body.items.map(({ name }) => name).join(', ') };
}

function namesOfErrors(text: string): string[] {
  if (!text.startsWith('{')) return [];
  const { error, details } = JSON.parse(text) as Health & { details?: Record<string, { status?: string }> };
  const down = Object.entries(details ?? {}).filter(([, { status }]) => status === 'down');
  return [...new Set([...Object.keys(error ?? {}), ...down.map(([name]) => name)])].map(plain);
}

function bad(check: string, detail: string): Finding {
  return { check, verdict: 'BAD', detail };
}

/** What is found out by failing is an answer, too. */
async function attempt<T>(asked: Promise<T>): Promise<T | CliError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CliError && error.status !== EXIT.interrupted) return error;
    throw error;
  }
}
