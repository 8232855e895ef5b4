import { derivedId } from '../../../src/kernel/ids';
import { type Alarm, type NoticeFact, type StopNotice, StopNotices } from '../../../src/notifications';
import { MINUTE } from '../../../src/kernel/clocks';
import { type SimTime } from '../world/sim-time';
import { type Channel } from './channel';

interface Row {
  readonly id: string;
  readonly notice: StopNotice;
  state: NoticeFact['state'];
  deliveredAt: Date | null;
}

const AGAIN_MS = MINUTE;

/** Notices as the outbox keeps them, with one channel behind it. */
export class SimulatedNotices extends StopNotices {
  readonly alarms: Alarm[] = [];
  private readonly rows = new Map<string, Row[]>();

  constructor(
    private readonly time: SimTime,
    private readonly channel: Channel,
    private readonly changed: (workerId: string, delivered: boolean) => void,
  ) {
    super();
  }

  tell(notice: StopNotice): Promise<void> {
    const { workerId, deadline, stageMinutes } = notice;
    const id = derivedId('stop-notice', workerId, deadline.toISOString(), String(stageMinutes));
    const rows = (this.rows.get(workerId) ?? []).filter(
      (row) => row.notice.deadline.getTime() === deadline.getTime(),
    );
    this.rows.set(workerId, rows);
    if (rows.some((row) => row.id === id)) return Promise.resolve();
    const row: Row = { id, notice, state: 'pending', deliveredAt: null };
    rows.push(row);
    this.time.after(0, () => this.send(row));
    return Promise.resolve();
  }

  callOff(workerId: string): Promise<void> {
    this.rows.delete(workerId);
    return Promise.resolve();
  }

  factsOf(workerIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeFact[]>> {
    const facts = new Map<string, readonly NoticeFact[]>();
    for (const id of workerIds) {
      const rows = this.rows.get(id);
      if (rows) facts.set(id, rows.map(factOf));
    }
    return Promise.resolve(facts);
  }

  alarm(alarm: Alarm): Promise<void> {
    this.alarms.push(alarm);
    return Promise.resolve();
  }

  private async send(row: Row): Promise<void> {
    const { notice, id } = row;
    if (!this.rows.get(notice.workerId)?.includes(row)) return;
    if (this.time.now >= notice.deadline.getTime()) {
      row.state = 'failed';
      return;
    }
    const { workerId, stageMinutes, deadline } = notice;
    try {
      await this.channel.send({ id, workerId, stageMinutes, deadline: deadline.getTime() });
      row.state = 'delivered';
      row.deliveredAt = this.time.fleet.now();
      this.changed(workerId, true);
    } catch {
      this.changed(workerId, false);
      // at least once: it is sent again
      this.time.after(AGAIN_MS, () => this.send(row));
    }
  }
}

function factOf({ notice: { deadline, stageMinutes }, state, deliveredAt }: Row): NoticeFact {
  return { deadline, stageMinutes, state, deliveredAt };
}
