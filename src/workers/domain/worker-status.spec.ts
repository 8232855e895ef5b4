import {
  CMLServiceStatus,
  CMLWorkerStatus,
  CONSISTENT_WITH_ANSWER,
  DesiredState,
  FULFILLED_BY,
  isDown,
  LicenseStatus,
  STATUS_OF_EC2_STATE,
} from './worker-status';

const STATUSES = Object.values(CMLWorkerStatus);

describe('the names of the contract', () => {
  it.each([
    [CMLWorkerStatus, 'PENDING RUNNING STOPPING STOPPED SHUTTING_DOWN TERMINATED UNKNOWN'],
    [CMLServiceStatus, 'UNAVAILABLE STARTING AVAILABLE ERROR'],
    [LicenseStatus, 'UNREGISTERED REGISTERED EVALUATION EXPIRED INVALID'],
    [DesiredState, 'RUNNING STOPPED TERMINATED'],
  ])('%#: %s', (names, expected) => {
    expect(Object.values(names).join(' ')).toBe(expected);
    expect(Object.keys(names)).toEqual(Object.values(names));
  });
});

describe('each EC2 state', () => {
  it.each([
    ['pending', 'PENDING'],
    ['running', 'RUNNING'],
    ['stopping', 'STOPPING'],
    ['stopped', 'STOPPED'],
    ['shutting-down', 'SHUTTING_DOWN'],
    ['terminated', 'TERMINATED'],
  ])('%s is %s', (ec2, status) => {
    expect(STATUS_OF_EC2_STATE[ec2]).toBe(status);
  });

  it('is mapped, and a word that EC2 does not know has no status', () => {
    expect(Object.keys(STATUS_OF_EC2_STATE)).toHaveLength(6);
    expect(STATUS_OF_EC2_STATE['hibernating']).toBeUndefined();
  });
});

describe('isDown', () => {
  it.each([
    ['PENDING', false],
    ['RUNNING', false],
    ['STOPPING', true],
    ['STOPPED', true],
    ['SHUTTING_DOWN', true],
    ['TERMINATED', true],
    ['UNKNOWN', false],
  ] as const)('%s: %s', (status, down) => {
    expect(isDown(status)).toBe(down);
  });
});

describe('what a reading may show after an answer', () => {
  /** Every status that readings can lead to from an answer, one consistent step after the other. */
  function reachable(from: CMLWorkerStatus): Set<CMLWorkerStatus> {
    const seen = new Set([from]);
    for (const status of seen) CONSISTENT_WITH_ANSWER[status].forEach((next) => seen.add(next));
    return seen;
  }

  it.each(STATUSES)('%s is consistent with itself', (status) => {
    expect(CONSISTENT_WITH_ANSWER[status]).toContain(status);
  });

  it.each(STATUSES.filter((status) => status !== 'UNKNOWN'))('%s can be reached from PENDING', (status) => {
    expect([...reachable('PENDING')]).toContain(status);
  });

  it('anything can follow UNKNOWN, which says nothing', () => {
    expect(new Set(CONSISTENT_WITH_ANSWER.UNKNOWN)).toEqual(new Set(STATUSES));
  });

  it('nothing follows the end, and only the end follows its beginning', () => {
    expect(CONSISTENT_WITH_ANSWER.TERMINATED).toEqual(['TERMINATED']);
    expect(CONSISTENT_WITH_ANSWER.SHUTTING_DOWN).toEqual(['SHUTTING_DOWN', 'TERMINATED']);
  });

  it.each([
    ['stop', 'STOPPING', 'RUNNING'],
    ['start', 'PENDING', 'STOPPED'],
    ['termination', 'SHUTTING_DOWN', 'RUNNING'],
    ['termination of a stopped one', 'SHUTTING_DOWN', 'STOPPED'],
  ] as const)('a %s that was answered %s is contradicted by %s', (_call, answer, older) => {
    expect(CONSISTENT_WITH_ANSWER[answer]).not.toContain(older);
  });
});

describe('every intent', () => {
  it.each(Object.values(DesiredState))('%s is fulfilled by the status of its name', (desired) => {
    expect(FULFILLED_BY[desired]).toBe(desired);
  });
});
