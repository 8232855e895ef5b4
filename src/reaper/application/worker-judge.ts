import { Inject, Injectable } from '@nestjs/common';
import { FleetClock, latest } from '../../kernel/clocks';
import { IdSource } from '../../kernel/ids';
import { type WorkerState } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { decide } from '../domain/idle-decision';
import { type WorkerFacts } from '../domain/idle-input';
import { type IdlePolicy } from '../domain/idle-policy';
import { type ObservedUse, SignsOfUse } from '../domain/ports';
import { IDLE_POLICY } from './reaper.options';

/** A worker that was never observed: nothing is known, which makes it unknown and never idle. */
const NOTHING_OBSERVED: ObservedUse = { signals: {}, everSeenActivity: false, newestActivityAt: null };

/** Fills the input of an idle decision from a worker's state and its observations. */
@Injectable()
export class WorkerJudge {
  constructor(
    private readonly signs: SignsOfUse,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
    @Inject(IDLE_POLICY) private readonly policy: IdlePolicy,
  ) {}

  /** One decision per worker, in their order. @throws StoreUnavailable */
  async judge(workers: readonly WorkerState[]): Promise<IdleDecision[]> {
    const use = await this.signs.of(workers.map(({ id }) => id));
    const now = this.clock.now();
    return workers.map((worker) => this.decide(worker, use.get(worker.id), this.ids.next(), now));
  }

  /** Decides about one worker, anew, under the id of an earlier decision or a new one. @throws StoreUnavailable */
  async judgeOne(worker: WorkerState, decisionId = this.ids.next()): Promise<IdleDecision> {
    const use = await this.signs.of([worker.id]);
    return this.decide(worker, use.get(worker.id), decisionId, this.clock.now());
  }

  private decide(
    worker: WorkerState,
    { signals, everSeenActivity, newestActivityAt }: ObservedUse = NOTHING_OBSERVED,
    decisionId: string,
    now: Date,
  ): IdleDecision {
    const facts = factsOf(worker, newestActivityAt);
    return decide({ decisionId, now, policy: this.policy, worker: facts, signals, everSeenActivity });
  }
}

function factsOf(state: WorkerState, newestActivityAt: Date | null): WorkerFacts {
  return {
    id: state.id,
    name: state.name,
    status: state.status,
    desiredState: state.desired.state,
    serviceStatus: state.serviceStatus,
    snooze: state.snooze,
    protection: state.protection,
    plannedStop: state.plannedStop,
    runningSince: state.runningSince,
    // the worker's own value is stored in steps of ten minutes, and the observations are newer
    lastActivityAt: latest(state.lastActivityAt, newestActivityAt),
  };
}
