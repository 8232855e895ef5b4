import { type FleetClock, HOUR, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { FLEET_BOOK } from '../domain/notice-book';
import { type NoticeBooks, type Outbox } from '../domain/ports';
import {
  factsFrom,
  mayHaveArrived,
  type NewPosting,
  type NoticeContent,
  NO_WAY,
  type Posting,
} from '../domain/posting';
import { type Alarm, type NoticeFact, type StopNotice } from '../domain/stop-notice';
import { StopNotices } from '../domain/stop-notices';
import { type Route, routesOf, type RoutingOptions } from './routing';

/** Fleet milliseconds that people are tried to be told of what is no announcement. */
const GIVE_UP_AFTER = 24 * HOUR;

export interface StopNoticesServices {
  readonly outbox: Outbox;
  readonly books: NoticeBooks;
  readonly clock: FleetClock;
  readonly routing: RoutingOptions;
  /** there may be something to send */
  readonly nudge: () => void;
}

/**
 * Notices by way of the outbox. Each method first writes what can be repeated without harm, so that a process that dies
 * leaves nothing that a repetition would not finish.
 */
export class OutboxStopNotices extends StopNotices {
  constructor(private readonly services: StopNoticesServices) {
    super();
  }

  async tell(notice: StopNotice): Promise<void> {
    const { workerId, workerName, decisionId, deadline, stageMinutes, cause, sentence, emails } = notice;
    const noticeId = await this.idOf(notice);
    // before there is anything new: what is out of date must not be sent because we died in between
    await this.services.outbox.end(workerId, noticeId, deadline);
    const what = { noticeId, topic: 'stop-planned', workerId, workerName, decisionId, sentence } as const;
    const content = { ...what, deadline, stageMinutes, cause, toldAt: this.services.clock.now() };
    await this.post(content, routesOf(this.services.routing, emails), deadline);
  }

  async callOff(workerId: string, why: string, decisionId: string): Promise<void> {
    const { outbox, clock } = this.services;
    const standing = await outbox.standing([workerId]);
    const [first] = standing;
    if (!first) return;
    // only who knows of the stop is told that it will not happen
    const told = [...standing, ...(await this.movedFrom(workerId, standing))].filter(mayHaveArrived);
    const routes = routesTakenBy(told);
    if (routes.length > 0) {
      const toldAt = clock.now();
      const { workerName, deadline, cause } = first;
      const noticeId = derivedId('stop-called-off', first.noticeId);
      const what = { noticeId, topic: 'stop-called-off', workerId, workerName, decisionId } as const;
      const content = { ...what, sentence: why, deadline, stageMinutes: null, cause, toldAt };
      await this.post(content, routes, plus(toldAt, GIVE_UP_AFTER));
    }
    await outbox.end(workerId, decisionId, null);
  }

  cameTrue(workerId: string, decisionId: string): Promise<void> {
    return this.services.outbox.end(workerId, decisionId, null);
  }

  async factsOf(workerIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeFact[]>> {
    return factsFrom(await this.services.outbox.standing(workerIds));
  }

  async alarm({ workerId, workerName, decisionId, kind, sentence, episodeId, emails }: Alarm): Promise<void> {
    const toldAt = this.services.clock.now();
    const noticeId = derivedId('alarm', kind, episodeId);
    const what = { noticeId, topic: kind, workerId, workerName, decisionId, sentence, toldAt } as const;
    const content = { ...what, deadline: null, stageMinutes: null, cause: null };
    await this.post(content, routesOf(this.services.routing, emails ?? []), plus(toldAt, GIVE_UP_AFTER));
  }

  /**
   * The same for the same worker, deadline and stage; another one where that announcement was ended since, and people
   * must hear anew of what they were told will not happen.
   */
  private async idOf({ workerId, deadline, stageMinutes }: StopNotice): Promise<string> {
    let id = derivedId('stop-notice', workerId, deadline.toISOString(), String(stageMinutes));
    for (;;) {
      const postings = await this.services.outbox.ofNotice(id);
      const ended = postings.find(({ endedBy }) => endedBy !== null);
      if (!ended) return id;
      id = derivedId('stop-notice-again', id, ended.endedBy ?? '');
    }
  }

  /** What was told of earlier deadlines, each of which moved on to the next: nobody has called them off. */
  private async movedFrom(workerId: string, later: readonly Posting[]): Promise<Posting[]> {
    const found: Posting[] = [];
    const seen = new Set<string>();
    for (let last = later; last.length > 0;) {
      const ids = [...new Set(last.map(({ noticeId }) => noticeId))].filter((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      last = ids.length > 0 ? await this.services.outbox.endedBy(workerId, ids) : [];
      found.push(...last);
    }
    return found;
  }

  private async post(content: NoticeContent, routes: readonly Route[], expiresAt: Date): Promise<void> {
    const { outbox, books, nudge } = this.services;
    const { noticeId, decisionId } = content;
    const channels = [...new Set(routes.map(({ channel }) => channel))].filter((one) => one !== 'none');
    const context = systemContext('notices', derivedId('notice-told', noticeId), { causationId: decisionId });
    await books.write(content.workerId ?? FLEET_BOOK, context, (book) => {
      book.told(content, channels);
      if (channels.length === 0) book.undelivered({ ...content, channel: 'none' }, NO_WAY, content.toldAt);
    });
    await outbox.add(routes.map((route) => postingOf(content, route, expiresAt)));
    nudge();
  }
}

function postingOf(content: NoticeContent, { channel, recipient }: Route, expiresAt: Date): NewPosting {
  const id = derivedId('posting', content.noticeId, channel, recipient?.toLowerCase() ?? '');
  return { ...content, id, channel, recipient, expiresAt };
}

/** The ways that they took, each once. */
function routesTakenBy(postings: readonly Posting[]): Route[] {
  const routes = postings.map(({ channel, recipient }) => ({ channel, recipient }));
  return [...new Map(routes.map((route) => [`${route.channel} ${route.recipient}`, route])).values()];
}
