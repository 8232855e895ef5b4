import { Logger, type Provider } from '@nestjs/common';
import { CommandBus, EventBus, QueryBus } from '@nestjs/cqrs';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { AggregateStores, checkedProvider, Installation, LeaseOwner, type SealKey } from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { MetricsRegistry } from '../metrics';
import { SnoozeCap } from '../workers';
import { NoticeLinks } from './application/notice-links';
import { NoticeSender } from './application/notice-sender';
import { NoticesSchedules } from './application/notices.schedules';
import { OutboxStopNotices } from './application/outbox-stop-notices';
import { PostingAttempt, type PostingAttemptServices } from './application/posting-attempt';
import { SignedLinker } from './application/signed-linker';
import { LinkTokens } from './domain/notice-link';
import { NoticeBooks, NoticeLinker, Outbox } from './domain/ports';
import { StopNotices } from './domain/stop-notices';
import { JwsLinkTokens } from './links/jws-link-tokens';
import { NoticeChannelList } from './notice-channel-list';
import { noticeChannels, type NoticeChannelsOptions } from './notice-channels';
import { NoticeMetrics } from './notice-metrics';
import { EventSourcedNoticeBooks } from './persistence/event-sourced.notice-books';
import { MemoryOutbox } from './persistence/memory-outbox';
import { MongoOutbox } from './persistence/mongo-outbox';
import { NOTICE_BOOK_DEFINITION } from './persistence/notice-book-definition';

export interface StopNoticesPartsOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  readonly channels: NoticeChannelsOptions;
  /** from whose keys that of the links is derived */
  readonly keyRing: readonly SealKey[];
  /** where people reach the API, without a slash at its end; null: notices hold no links */
  readonly publicUrl: string | null;
}

/** What telling people is made from. */
export function stopNoticesProviders(options: StopNoticesPartsOptions): Provider[] {
  const { persistence, channels, keyRing, publicUrl } = options;
  return [
    outbox(persistence),
    checkedProvider(
      NoticeMetrics,
      [MetricsRegistry, NoticeChannelList],
      (registry, { names }) => new NoticeMetrics(registry, names),
    ),
    checkedProvider(
      NoticeChannelList,
      [MachineClock],
      (clock) => new NoticeChannelList(noticeChannels(channels, clock)),
    ),
    checkedProvider(
      NoticeBooks,
      [AggregateStores, EventBus],
      (stores, bus) =>
        new EventSourcedNoticeBooks(
          stores.open(NOTICE_BOOK_DEFINITION, (_commit, events) => void bus.publishAll([...events])),
        ),
    ),
    checkedProvider(LinkTokens, [Installation], (installation) => new JwsLinkTokens(keyRing, installation)),
    checkedProvider(NoticeLinker, [LinkTokens], (tokens) => new SignedLinker(publicUrl, tokens)),
    checkedProvider(
      NoticeLinks,
      [LinkTokens, CommandBus, QueryBus, FleetClock, SnoozeCap],
      (tokens, commands, queries, clock, snoozeCap) =>
        new NoticeLinks({ tokens, commands, queries, clock, snoozeCap }),
    ),
    checkedProvider(
      StopNotices,
      [Outbox, NoticeBooks, FleetClock, NoticeChannelList, NoticeSender],
      (outbox, books, clock, { names }, sender) => {
        const routing = { channels: names, emails: channels.email?.to ?? [] };
        return new OutboxStopNotices({ outbox, books, clock, routing, nudge: () => sender.nudge() });
      },
    ),
    ...sending(),
  ];
}

function sending(): Provider[] {
  return [
    checkedProvider(
      PostingAttempt,
      [Outbox, NoticeBooks, NoticeChannelList, NoticeLinker, Installation, FleetClock, NoticeMetrics],
      (outbox, books, { channels }, linker, installation, clock, metrics) =>
        new PostingAttempt({
          ...{ outbox, books, channels, linker, installation, clock, report },
          random: Math.random,
          onTry: (channel, outcome, posting, error) => {
            metrics.count(channel, outcome);
            logTry(channel, outcome, posting, error);
          },
        }),
    ),
    checkedProvider(
      NoticeSender,
      [Outbox, PostingAttempt, LeaseOwner, NoticeChannelList, FleetClock],
      (outbox, attempt, { name: owner }, { names: channels }, clock) =>
        new NoticeSender({ outbox, attempt, owner, channels, clock, report }),
    ),
    checkedProvider(
      NoticesSchedules,
      [NoticeSender, MachineClock],
      (sender, clock) => new NoticesSchedules(sender, clock, report),
    ),
  ];
}

function outbox(persistence: 'memory' | 'mongo'): Provider {
  if (persistence === 'memory') {
    return checkedProvider(Outbox, [MachineClock], (clock) => new MemoryOutbox(clock));
  }
  return {
    provide: Outbox,
    inject: [getConnectionToken(), MachineClock],
    useFactory: (connection: Connection, clock: MachineClock) => MongoOutbox.open(connection, clock),
  };
}

const logger = new Logger('Notices');

/** What was delivered, and what is given up, have lines of their own by their events; the first failure is told once. */
const logTry: PostingAttemptServices['onTry'] = (channel, outcome, posting, error) => {
  const { noticeId, workerId, decisionId, attempts } = posting;
  const about = { noticeId, workerId, decisionId, channel, detail: error };
  if (outcome === 'failed') logger[attempts === 0 ? 'warn' : 'debug'](about, 'notice to be sent again');
};

/** A database that is away comes back; anything else needs a person. */
function report(error: unknown, during: string): void {
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  logger[level]({ err: error }, `failed to ${during}`);
}
