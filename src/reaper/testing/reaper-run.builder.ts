import { countVerdicts, type ReaperRun } from '../domain/reaper-run';

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
    errors: [],
    ...stated,
  };
}
