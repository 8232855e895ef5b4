import { Injectable } from '@nestjs/common';
import { type WorkerState } from '../../workers';
import { type IdleDecision } from '../domain/decision/decision';
import { PolicySource } from '../domain/ports';
import { type VerdictChange, VerdictBook, type VerdictNow } from '../domain/verdict-book';
import { subjectOf } from './worker-facts';

/** The verdicts of one turn, as they stand in the book. */
export interface KeptVerdicts {
  /** ids of workers whose verdict is another than in the turn before */
  readonly changed: ReadonlySet<string>;
  readonly now: ReadonlyMap<string, VerdictNow>;
}

/** Writes verdicts down as they change: read in one query and written in one, however many workers there are. */
@Injectable()
export class VerdictKeeper {
  constructor(
    private readonly book: VerdictBook,
    private readonly policies: PolicySource,
  ) {}

  /** `turnId` stands for the decision where a worker is not judged any more. @throws StoreUnavailable */
  async note(
    workers: readonly WorkerState[],
    decisions: readonly IdleDecision[],
    turnId: string,
    at: Date,
  ): Promise<KeptVerdicts> {
    const before = await this.book.current();
    const judged = new Set(decisions.map(({ workerId }) => workerId));
    const changes = decisions.flatMap((decision, index) => {
      const worker = workers[index];
      return worker && isNew(decision, before.get(decision.workerId))
        ? [this.changeOf(worker, decision)]
        : [];
    });
    const gone = [...before.values()]
      .filter(({ workerId }) => !judged.has(workerId))
      .map(({ workerId, policyLayers }) => goneChange(workerId, policyLayers, turnId, at));
    await this.book.add([...changes, ...gone]);
    const now = new Map(before);
    for (const change of changes) now.set(change.workerId, { ...change, alarmed: [] });
    return { changed: new Set(changes.map(({ workerId }) => workerId)), now };
  }

  private changeOf(worker: WorkerState, decision: IdleDecision): VerdictChange {
    const { workerId, at, verdict, cause, decisionId, deadline } = decision;
    const { layers } = this.policies.of(subjectOf(worker));
    const policyLayers = layers.map(({ id, version }) => `${id}@${version}`);
    return { workerId, at, verdict, cause, decisionId, policyLayers, deadline };
  }
}

/** One that was never judged, and to which nothing applies, is no news. */
function isNew({ verdict, cause }: IdleDecision, before: VerdictNow | undefined): boolean {
  if (!before) return verdict !== 'not-applicable';
  return before.verdict !== verdict || before.cause !== cause;
}

function goneChange(
  workerId: string,
  policyLayers: readonly string[],
  decisionId: string,
  at: Date,
): VerdictChange {
  return {
    ...{ workerId, at, decisionId, policyLayers },
    ...{ verdict: 'not-applicable', cause: null, deadline: null },
  };
}
