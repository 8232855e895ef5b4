import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { HOUR, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { StartWorker, type WorkerState } from '../../workers';
import { type CalendarMoment } from '../domain/policy/calendar';
import { PolicySource } from '../domain/ports';
import { type ReaperRun, type ScheduledStart } from '../domain/reaper-run';
import { moment } from '../domain/trace/words';
import { subjectOf } from './worker-facts';

/** A scheduled start that nobody could act on for so long is over. */
const LATE_AT_MOST_MS = 2 * HOUR;

const AT_ONCE = 8;

/** When the latest turn began that came to its end, null for none, and when this one did. */
export interface TurnSpan {
  readonly lastTurn: Date | null;
  readonly now: Date;
}

interface Started {
  readonly starts: readonly ScheduledStart[];
  readonly errors: ReaperRun['errors'];
}

/** Starts workers at the times of their calendars: each time acts once, whoever takes the turn. */
@Injectable()
export class ScheduledStarts {
  private readonly logger = new Logger('Reaper');

  constructor(
    private readonly commands: CommandBus,
    private readonly policies: PolicySource,
  ) {}

  /** `lastTurn` is when the latest turn began that came to its end; null: there is none. Never rejects. */
  async carryOut(
    workers: readonly WorkerState[],
    lastTurn: Date | null,
    now: Date,
    correlationId: string,
  ): Promise<Started> {
    const limit = pLimit(AT_ONCE);
    const due = workers.flatMap((worker) => {
      const time = worker.desired.state === 'STOPPED' ? this.dueOf(worker, { lastTurn, now }) : undefined;
      return time ? [{ worker, time }] : [];
    });
    const done = await Promise.all(
      due.map(({ worker, time }) => limit(() => this.start(worker, time, correlationId))),
    );
    return {
      starts: done.flatMap((one) => ('at' in one ? [one] : [])),
      errors: done.flatMap((one) => ('message' in one ? [one] : [])),
    };
  }

  /** The time at which the turn that begins now has the worker run, started by it or left so; undefined: none. */
  dueOf(worker: WorkerState, { lastTurn, now }: TurnSpan): CalendarMoment | undefined {
    const earliest = plus(now, -LATE_AT_MOST_MS);
    const after = lastTurn && lastTurn > earliest ? lastTurn : earliest;
    const { policy, calendar } = this.policies.of(subjectOf(worker));
    return policy.dryRun ? undefined : calendar.startsBetween(after, now).at(-1);
  }

  private async start(
    { id: workerId, name: workerName }: WorkerState,
    { name, at }: CalendarMoment,
    correlationId: string,
  ): Promise<ScheduledStart | ReaperRun['errors'][number]> {
    const commandId = derivedId('reaper', 'scheduled-start', workerId, at.toISOString());
    const reason = `Its calendar starts it at ${moment(at)} (${name}).`;
    try {
      const context = systemContext('reaper', commandId, { reason, correlationId });
      await this.commands.execute(new StartWorker(workerId, context));
      return { workerId, workerName, name, at };
    } catch (err) {
      this.logger.error({ err, workerId, correlationId }, 'a scheduled start failed');
      const message =
        err instanceof DomainError ? err.message : 'Its scheduled start failed; the log has more.';
      return { workerId, workerName, message };
    }
  }
}
