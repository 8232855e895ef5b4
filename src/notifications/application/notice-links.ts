import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type FleetClock, latest, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { GetWorker, type SnoozeCap, SnoozeWorker, StopWorker } from '../../workers';
import { type LinkTokens, type NoticeLink } from '../domain/notice-link';
import { type Kept, type LinkAnswer, type LinkRefusal, type LinkWish, type LinkWorker } from './link-answer';

export interface NoticeLinksServices {
  readonly tokens: LinkTokens;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly clock: FleetClock;
  readonly snoozeCap: SnoozeCap;
}

interface Opened {
  readonly link: NoticeLink;
  readonly worker: LinkWorker;
}

const AN_HOUR: LinkWish = { minutes: 60 };

/** What the links of notices lead to. To look changes nothing, whoever looks; to press is a person's act. */
export class NoticeLinks {
  constructor(private readonly services: NoticeLinksServices) {}

  /** @throws StoreUnavailable */
  async look(token: string): Promise<LinkAnswer> {
    const opened = await this.open(token);
    if ('kind' in opened) return opened;
    const { link, worker } = opened;
    const kept = link.purpose === 'keep-1h' ? this.keptUntil(opened, AN_HOUR) : null;
    return { kind: 'ask', link, worker, kept, latest: this.cap(worker), now: this.services.clock.now() };
  }

  /** Does it, once for each link, and for each time that is asked for. @throws StoreUnavailable */
  async press(token: string, wish: LinkWish): Promise<LinkAnswer> {
    const opened = await this.open(token);
    if ('kind' in opened) return opened;
    const { worker } = opened;
    try {
      return await this.act(opened, wish);
    } catch (error) {
      // what the worker's present state forbids is an answer; that the database is away is none
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      return { kind: 'refused', workerName: worker.name, message: error.message };
    }
  }

  private act(opened: Opened, wish: LinkWish): Promise<LinkAnswer> {
    const { link, worker } = opened;
    if (link.purpose === 'stop-now') return this.stop(link, worker);
    const kept = this.keptUntil(opened, link.purpose === 'keep-1h' ? AN_HOUR : wish);
    if (kept) return this.keep(opened, kept);
    const message = 'Give a time that is still to come.';
    return Promise.resolve({ kind: 'invalid', workerName: worker.name, message });
  }

  private async open(token: string): Promise<Opened | LinkRefusal> {
    const { tokens, queries, clock } = this.services;
    const reading = await tokens.read(token, clock.now());
    if (reading.kind !== 'good') return { kind: reading.kind };
    const { link } = reading;
    try {
      const worker = await queries.execute(new GetWorker(link.workerId));
      const late = reasonAgainst(link, worker);
      return late === null ? { link, worker } : { kind: 'refused', workerName: worker.name, message: late };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'not-found') throw error;
      return { kind: 'refused', workerName: 'The worker', message: 'It is no longer managed here.' };
    }
  }

  private async keep({ link, worker }: Opened, { until, isAllAllowed }: Kept): Promise<LinkAnswer> {
    const workerName = worker.name;
    // one that is kept longer already must not be kept shorter
    const present = worker.snooze?.until;
    if (present && present >= until) return { kind: 'kept', workerName, until: present, isAllAllowed };
    // an hour is given once, also where the policy allows less and what it allows moves on with the time
    const wish = link.purpose === 'keep-1h' ? null : until;
    const context = contextOf(link, 'kept by the link of a notice', wish);
    const { snooze } = await this.services.commands.execute(new SnoozeWorker(link.workerId, until, context));
    const stands = snooze && (wish === null || snooze.until >= wish);
    if (stands) return { kind: 'kept', workerName, until: snooze.until, isAllAllowed };
    const message = 'It was kept by this link before, and somebody has lifted that since.';
    return { kind: 'refused', workerName, message };
  }

  private async stop(link: NoticeLink, { name, revision }: LinkWorker): Promise<LinkAnswer> {
    const context = contextOf(link, 'stopped by the link of a notice', null);
    // whoever starts, snoozes or protects it meanwhile wins
    await this.services.commands.execute(
      new StopWorker(link.workerId, context, { expectedRevision: revision }),
    );
    return { kind: 'stopping', workerName: name };
  }

  /** Counted from the announced stop, so that pressing early is no loss; null for what lies behind. */
  private keptUntil({ link, worker }: Opened, { minutes, until }: LinkWish): Kept | null {
    const now = this.services.clock.now();
    const from = latest(now, link.deadline) ?? now;
    const wanted = until ?? (minutes ? plus(from, minutes * MINUTE) : now);
    const cap = this.cap(worker);
    if (wanted <= now) return null;
    return wanted > cap ? { until: cap, isAllAllowed: true } : { until: wanted, isAllAllowed: false };
  }

  /** Until when the worker's policy lets it be snoozed now. */
  private cap(worker: LinkWorker): Date {
    const { clock, snoozeCap } = this.services;
    return plus(clock.now(), snoozeCap.minutesFor(worker) * MINUTE);
  }
}

/** Why the link is of no use any more; null: it is. */
function reasonAgainst({ purpose }: NoticeLink, { desired, plannedStop, name }: LinkWorker): string | null {
  if (desired.state === 'TERMINATED') return `${name} is being terminated.`;
  if (desired.state === 'STOPPED') return `${name} was told to stop already.`;
  if (purpose !== 'stop-now' || plannedStop) return null;
  return `The stop of ${name} was called off: somebody uses it, or wants it kept.`;
}

/** As an actor of its own: nobody knows which person holds a link. The same id for each repetition. */
function contextOf({ id, noticeId }: NoticeLink, reason: string, until: Date | null): CommandContext {
  const commandId = derivedId('notice-link', id, until?.toISOString() ?? '');
  return { commandId, actor: `link:${noticeId}`, reason, correlationId: commandId, causationId: noticeId };
}
