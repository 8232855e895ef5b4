import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { IdSource } from '../../kernel/ids';
import { type WorkerState } from '../../workers';
import { type ExplainedDecision } from '../domain/decision/decision';
import { decide } from '../domain/decision/idle-decision';
import { type NoticeFact, type ObservedUse } from '../domain/signals/idle-input';
import { PolicySource, SignsOfUse } from '../domain/ports';
import { type BudgetView, UNLIMITED } from '../domain/policy/stop-budget';
import { factsOf, subjectOf } from './worker-facts';

/** A worker that was never observed: nothing is known, which makes it unknown and never idle. */
const NOTHING_OBSERVED: ObservedUse = {
  signals: {},
  everSeenActivity: false,
  newestActivityAt: null,
  lastLabs: null,
};

/** What a judgement needs besides the worker, its policy and what was observed of it. */
export interface Surroundings {
  /** what holds automatic stops off, as far as this worker's would be concerned */
  readonly budget: (worker: WorkerState) => BudgetView;
  /** what people were told of the announced stop of each worker, by worker id; one that is missing: nothing */
  readonly notices: ReadonlyMap<string, readonly NoticeFact[]>;
}

/** Nothing holds a stop off, and nobody was told anything. */
export const NO_SURROUNDINGS: Surroundings = { budget: () => UNLIMITED, notices: new Map() };

/** Fills the input of an idle decision from a worker's state, its observations, its policy and the surroundings. */
@Injectable()
export class WorkerJudge {
  constructor(
    private readonly signs: SignsOfUse,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
    private readonly policies: PolicySource,
  ) {}

  /** One decision per worker, in their order. @throws StoreUnavailable */
  async judge(workers: readonly WorkerState[], surroundings: Surroundings): Promise<ExplainedDecision[]> {
    const use = await this.signs.of(workers.map(({ id }) => id));
    const now = this.clock.now();
    return workers.map((worker) =>
      this.decide(worker, use.get(worker.id), surroundings, this.ids.next(), now),
    );
  }

  /** Decides about one worker, anew, under the id of an earlier decision or a new one. @throws StoreUnavailable */
  async judgeOne(
    worker: WorkerState,
    surroundings: Surroundings,
    decisionId = this.ids.next(),
  ): Promise<ExplainedDecision> {
    const use = await this.signs.of([worker.id]);
    return this.decide(worker, use.get(worker.id), surroundings, decisionId, this.clock.now());
  }

  private decide(
    worker: WorkerState,
    observations: ObservedUse = NOTHING_OBSERVED,
    { budget, notices }: Surroundings,
    decisionId: string,
    now: Date,
  ): ExplainedDecision {
    const { policy, calendar, layers, origins } = this.policies.of(subjectOf(worker));
    const facts = factsOf(worker, observations.newestActivityAt, notices.get(worker.id) ?? []);
    const input = { decisionId, now, worker: facts, observations, policy, calendar, budget: budget(worker) };
    // put on it, not copied with it: a copy would ask for its words
    return Object.assign(decide(input), { policyLayers: layers, policyOrigins: origins });
  }
}
