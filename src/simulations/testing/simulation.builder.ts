import { type Simulation } from '../domain/simulation';

const day = (count: number) => new Date(Date.UTC(2027, 0, count));

/** A finished simulation of a draft with one stop that would have hit somebody. */
export function aSimulation(stated: Partial<Simulation> = {}): Simulation {
  const workerId = '00000000-0000-4000-8000-0000000000aa';
  return {
    id: '00000000-0000-4000-8000-0000000000b1',
    createdAt: day(15),
    createdBy: 'user:alice',
    finishedAt: day(16),
    from: day(1),
    to: day(14),
    policy: { idleThresholdMinutes: 30, maxUptimeMinutes: null },
    workerIds: [workerId],
    tag: ['use', 'course'],
    result: {
      totals: {
        ...{ workers: 1, stops: 1, stopsByCause: { idle: 1 }, hoursSaved: 0.25, hoursRun: 20, hits: 1 },
        ...{ heldByBudget: 1, breakerOpenings: 1, evaluations: 77, approximate: false },
      },
      workers: [
        {
          ...{ workerId, workerName: 'lab-1', stops: 1, hoursRun: 20, hoursSaved: 0.25, hits: 1 },
          ...{ heldByBudget: 1, approximate: false },
        },
      ],
      stops: [
        {
          ...{ workerId, at: day(2), cause: 'idle', until: day(3), minutesSaved: 15, approximate: false },
          hit: { at: day(3), what: 'start', by: 'user:bob' },
        },
      ],
      budgetHits: [{ workerId, from: day(2), until: null, scope: 'fleet', lapsed: true }],
      breakerOpenings: [{ at: day(2), stops: 11, running: 12 }],
      comparison: {
        ...{
          recorded: 2,
          equal: 1,
          restrained: 0,
          underOtherPolicies: 0,
          differingTotal: 1,
          replayedOnly: 0,
        },
        differing: [{ workerId, at: day(4), recorded: 'stop', replayed: null }],
      },
      skipped: [{ workerId, workerName: null, why: 'It was not there.' }],
    },
    ...stated,
  };
}
