import { type FleetClock } from '../../kernel/clocks';
import { type NoticeTopic } from '../domain/posting';
import { type Alarm, type NoticeFact, type NoticeState, type StopNotice } from '../domain/stop-notice';
import { StopNotices } from '../domain/stop-notices';

export interface CalledOff {
  readonly workerId: string;
  readonly why: string;
  readonly decisionId: string;
}

interface Told {
  readonly notice: StopNotice;
  state: NoticeState;
  deliveredAt: Date | null;
}

/** Notices in memory, without channels: each is delivered when it is told, unless `outcome` says something else. */
export class MemoryStopNotices extends StopNotices {
  /** all that were told, oldest first, once each */
  readonly told: StopNotice[] = [];
  readonly calledOff: CalledOff[] = [];
  readonly alarms: Alarm[] = [];
  /** kinds of all of these, in the order in which they were told */
  readonly got: NoticeTopic[] = [];
  /** what becomes of those told from now on */
  outcome: NoticeState = 'delivered';
  private readonly standing = new Map<string, Told[]>();

  constructor(private readonly clock: FleetClock) {
    super();
  }

  tell(notice: StopNotice): Promise<void> {
    const { workerId, deadline, stageMinutes } = notice;
    const alike = (this.standing.get(workerId) ?? []).filter(({ notice: { deadline: other } }) =>
      isSame(other, deadline),
    );
    if (!alike.some((told) => told.notice.stageMinutes === stageMinutes)) {
      this.told.push(notice);
      this.got.push('stop-planned');
      const deliveredAt = this.outcome === 'delivered' ? this.clock.now() : null;
      alike.push({ notice, state: this.outcome, deliveredAt });
    }
    this.standing.set(workerId, alike);
    return Promise.resolve();
  }

  callOff(workerId: string, why: string, decisionId: string): Promise<void> {
    if (!this.standing.delete(workerId)) return Promise.resolve();
    this.calledOff.push({ workerId, why, decisionId });
    this.got.push('stop-called-off');
    return Promise.resolve();
  }

  cameTrue(workerId: string): Promise<void> {
    this.standing.delete(workerId);
    return Promise.resolve();
  }

  factsOf(workerIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeFact[]>> {
    const facts = new Map<string, readonly NoticeFact[]>();
    for (const id of workerIds) {
      const told = this.standing.get(id);
      if (told) facts.set(id, told.map(factOf));
    }
    return Promise.resolve(facts);
  }

  alarm(alarm: Alarm): Promise<void> {
    const isTold = this.alarms.some(
      ({ kind, episodeId }) => kind === alarm.kind && episodeId === alarm.episodeId,
    );
    if (isTold) return Promise.resolve();
    this.alarms.push(alarm);
    this.got.push(alarm.kind);
    return Promise.resolve();
  }

  /** What is pending is delivered now, or fails now. */
  settle(state: 'delivered' | 'failed'): void {
    const deliveredAt = state === 'delivered' ? this.clock.now() : null;
    for (const told of [...this.standing.values()].flat()) {
      if (told.state === 'pending') Object.assign(told, { state, deliveredAt });
    }
  }
}

function factOf({ notice: { deadline, stageMinutes }, state, deliveredAt }: Told): NoticeFact {
  return { deadline, stageMinutes, state, deliveredAt };
}

function isSame(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}
