import { Injectable } from '@nestjs/common';
import { EventStore, type StoredEvent, streamOf } from '../../event-store';
import { stopCommandId, type StopOutcome, StopTrail } from '../domain/stop-trail';

/** Histories of workers in the event store. A stop is found by the id of its command, which its decision gives. */
@Injectable()
export class StoredStopTrail extends StopTrail {
  constructor(private readonly store: EventStore) {
    super();
  }

  async of(workerId: string, decisionId: string): Promise<StopOutcome> {
    const stream = streamOf('worker', workerId);
    const asked = await this.store.findCommit(stream, stopCommandId(decisionId));
    if (!asked) return { outcome: 'never', reason: null };
    const later = await this.store.load(stream, { afterVersion: asked.last });
    const { reason } = asked.meta;
    const events = later.flatMap((commit) => commit.events);
    for (const [index, event] of events.entries()) {
      const outcome = MEANS[event.type];
      if (outcome === 'withdrawn') {
        return { outcome: isTakenAllTheSame(events.slice(index + 1)) ? 'sent' : outcome, reason };
      }
      if (outcome === 'sent') return { outcome, reason };
      if (outcome === 'by status' && isOnItsWayDown(event)) return { outcome: 'sent', reason };
    }
    return { outcome: 'open', reason };
  }
}

/** What tells of a stop that was asked for. Another wish on top of it leaves open whether it was sent: it counts. */
const MEANS: Readonly<Record<string, 'sent' | 'withdrawn' | 'by status'>> = {
  'worker.stop-withdrawn': 'withdrawn',
  'worker.call-answered': 'sent',
  'worker.status-updated': 'by status',
  'worker.desired-state-updated': 'sent',
  'worker.terminated': 'sent',
  'worker.released': 'sent',
};

function isOnItsWayDown({ data }: StoredEvent): boolean {
  return data['newStatus'] !== 'RUNNING' && data['newStatus'] !== 'UNKNOWN';
}

/** What took the stop back crossed a call that AWS took. What AWS answers after another wish is of that one. */
function isTakenAllTheSame(later: readonly StoredEvent[]): boolean {
  for (const { type, data } of later) {
    if (type === 'worker.desired-state-updated') return false;
    if (type === 'worker.call-answered' && ['STOPPING', 'STOPPED'].includes(String(data['status'])))
      return true;
  }
  return false;
}
