import { type Command } from 'commander';
import { CliError, EXIT, type ExitStatus, WrongUsage } from './cli-error';
import { EventFollower } from './event-follower';
import { type Page, type Query } from './fleet-api';
import { workerIdOf } from './find-worker';
import { type Act, type Session, wholeNumber } from './session';
import { plain } from './table';

const EVENTS = '/api/v1/events';

/** Of a CloudEvent, what is shown here. */
export interface FleetEvent {
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly actor?: string;
  readonly reason?: string | null;
}

interface EventOptions {
  readonly follow?: boolean;
  readonly types?: string;
  readonly worker?: string[];
  readonly after?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function addEvents(program: Command, act: Act): void {
  program
    .command('events')
    .description('what happened last, newest at the end; --follow: what happens')
    .option(
      '--follow',
      'go on, and take up after a broken connection where it broke; --json: an event a line',
    )
    .option('--types <list>', 'such as worker.created')
    .option('--worker <worker...>', 'of these only, by name or id')
    .option('--after <place>', 'with --follow: begin after this place instead of now')
    .option('--limit <n>', 'how many of the last', wholeNumber, 20)
    .option('--cursor <text>', 'those before a page that named it')
    .action(
      act(async (session, options: EventOptions) => {
        const { follow, after, types, worker } = options;
        if (after !== undefined && !follow) throw new WrongUsage('--after goes with --follow.');
        const ids = await Promise.all((worker ?? []).map((name) => workerIdOf(session.api, name)));
        const filter = { types, workerIds: ids.length > 0 ? ids.join(',') : undefined };
        return follow ? followEvents(session, filter, after ?? null) : lastEvents(session, filter, options);
      }),
    );
}

/** `2027-01-05T08:00:00.000Z  worker.stopped  worker/6f1c…  by system:reaper: idle for 60 min` */
export function eventLine({ time, type, subject, actor, reason }: FleetEvent): string {
  const by = actor ? `by ${actor}${reason ? `: ${reason}` : ''}` : '';
  return [time, type, subject ?? '', by]
    .filter((part) => part !== '')
    .map(plain)
    .join('  ');
}

async function lastEvents(session: Session, filter: Query, { limit, cursor }: EventOptions): Promise<void> {
  const answer = await session.api.get<Page<FleetEvent>>(EVENTS, { ...filter, limit, cursor, order: 'desc' });
  session.show(answer, ({ items }) => items.map(eventLine).reverse());
  if (answer.body.nextCursor) session.io.err(`those before: --cursor ${answer.body.nextCursor}`);
}

async function followEvents(session: Session, filter: Query, after: string | null): Promise<ExitStatus> {
  const follower = new EventFollower(session, `${EVENTS}/stream`, filter, after);
  try {
    for await (const { data } of follower.events()) {
      session.io.out(session.json ? data : eventLine(JSON.parse(data) as FleetEvent));
    }
  } catch (error) {
    if (!(error instanceof CliError) || error.status !== EXIT.interrupted) throw error;
    if (follower.lastPlace) session.io.err(`to go on from here: --after ${follower.lastPlace}`);
  }
  return EXIT.interrupted;
}
