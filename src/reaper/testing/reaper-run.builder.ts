import { countVerdicts, type ReaperRun, type RunDecision } from '../domain/reaper-run';

/** A run over no worker, but for what is stated. */
export function aRun(stated: Partial<ReaperRun> = {}): ReaperRun {
  return {
    id: '00000000-0000-4000-8000-0000000000bb',
    startedAt: new Date('2027-01-15T12:00:00.000Z'),
    finishedAt: new Date('2027-01-15T12:00:01.000Z'),
    dryRun: false,
    actor: 'system:reaper',
    counts: countVerdicts([]),
    decisions: [],
    leftOut: 0,
    starts: [],
    errors: [],
    ...stated,
  };
}

/** What a run says of a worker that nothing was done to, but for what is stated. */
export function aRunDecision(stated: Partial<RunDecision> = {}): RunDecision {
  return {
    workerId: 'w-1',
    workerName: 'lab-1',
    decisionId: 'd-1',
    verdict: 'in-use',
    action: 'none',
    reason: 'in use',
    cause: null,
    restraints: [],
    notice: null,
    trial: false,
    ...stated,
  };
}
