const TOTALS = {
  ...{ workers: 1, stops: 12, stopsByCause: { idle: 12 }, hoursSaved: 96.5, hoursRun: 310.25, hits: 1 },
  ...{ heldByBudget: 2, breakerOpenings: 0, evaluations: 2_310, approximate: false },
};
const WORKER_ID = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';

export const SUMMARY_EXAMPLE = {
  id: '9d3b1c8e-7a55-4f6e-9d0f-0e6a4f3f2b11',
  createdAt: '2027-02-01T09:00:00.000Z',
  createdBy: 'user:alice',
  finishedAt: '2027-02-01T09:00:02.400Z',
  from: '2027-01-01T00:00:00.000Z',
  to: '2027-01-31T00:00:00.000Z',
  policy: { idleThresholdMinutes: 30, warningStagesMinutes: [15, 5] },
  workerIds: null,
  tag: 'course:routing',
  totals: TOTALS,
};

export const SIMULATION_EXAMPLE = {
  ...SUMMARY_EXAMPLE,
  workers: [
    {
      ...{ workerId: WORKER_ID, workerName: 'lab-1', stops: 12, hoursRun: 310.25, hoursSaved: 96.5, hits: 1 },
      ...{ heldByBudget: 2, approximate: false },
    },
  ],
  stops: [
    {
      ...{ workerId: WORKER_ID, at: '2027-01-04T18:31:00.000Z', cause: 'idle', minutesSaved: 9 },
      until: '2027-01-04T18:40:10.000Z',
      hit: { at: '2027-01-04T18:40:10.000Z', what: 'sessions', by: null },
      approximate: false,
    },
  ],
  budgetHits: [
    {
      ...{ workerId: WORKER_ID, from: '2027-01-05T18:00:00.000Z', until: '2027-01-05T18:20:00.000Z' },
      ...{ scope: 'fleet', lapsed: false },
    },
  ],
  breakerOpenings: [],
  comparison: null,
  skipped: [],
};
