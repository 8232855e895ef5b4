import { toView, workerView } from '../api/worker.view';
import { observeInstance } from '../domain/instance-observation';
import { nextAction } from '../domain/next-action';
import { aWorker, at, wanting, WORKER_ID } from '../testing/worker.builder';
import { toDocument, toRecord, type WorkerDocument } from './worker.schema';

const BODY = JSON.stringify({
  InstanceType: 'c5.metal',
  SubnetId: 'subnet-1',
  TagSpecifications: [
    {
      ResourceType: 'instance',
      Tags: [
        { Key: 'Name', Value: 'Lab' },
        { Key: 'managed-by', Value: 'cml-fleet' },
      ],
    },
  ],
});

/** A launched worker as the first version stored it, read anew each time. */
function ofTheFirstVersion(given: object = {}): WorkerDocument {
  const document = {
    _id: WORKER_ID,
    v: 7,
    name: 'Lab',
    nameFolded: 'lab',
    awsAccountId: '123456789012',
    awsRegion: 'us-east-1',
    awsInstanceId: 'i-1',
    instanceType: 'c5.metal',
    appliedInstanceType: 'c5.metal',
    amiId: 'ami-1',
    amiName: 'cml-2.9.0',
    launch: { subnetId: 'subnet-1', securityGroupIds: ['sg-1'] },
    tags: [{ key: 'course.a', value: 'routing' }],
    idlePolicyId: null,
    desired: wanting('RUNNING'),
    convergedAt: at(5),
    launchAttempt: 1,
    launchRequest: {
      ...{ attempt: 1, clientToken: 'w-1-1', amiId: 'ami-1', amiName: 'cml-2.9.0' },
      ...{ body: BODY, at: at(0) },
    },
    statusReason: null,
    status: 'RUNNING',
    answered: null,
    serviceStatus: 'AVAILABLE',
    runningSince: at(3),
    cmlVersion: '2.9.0',
    licenseStatus: 'UNREGISTERED',
    licenseToken: null,
    httpsEndpoint: 'https://203.0.113.10',
    certificate: { pinned: null, presented: null, changedAt: null },
    publicIp: '203.0.113.10',
    privateIp: '10.0.0.10',
    lastActivityAt: at(5),
    activeLabsCount: 0,
    cpuUtilization: null,
    memoryUtilization: null,
    snooze: null,
    protection: null,
    plannedStop: null,
    revision: 1,
    createdAt: at(0),
    updatedAt: at(9),
    createdBy: 'user:alice',
    terminatedAt: null,
    terminatedBy: null,
    releasedAt: null,
    ...given,
  };
  return document as unknown as WorkerDocument;
}

const circumstances = { now: at(60), machineNow: at(60), decisionId: null, forceOverdueStop: true };

describe('a document of the first version', () => {
  it('is read as a present one, with what an upcast stream would say', () => {
    const record = toRecord(ofTheFirstVersion());
    expect(record).toMatchObject({
      ...{ id: WORKER_ID, market: 'on-demand', driftPolicy: null, nextPlacement: 0, statusAt: at(9) },
      ...{ tags: { 'course.a': 'routing' }, appliedTags: null },
      ...{ overdue: null, checks: null, scheduledEvents: [], interruption: null },
      ...{ serviceReason: null, certificateMayChange: false },
      ...{ lastActivitySource: null, lastActivityKind: null },
      launch: {
        ...{ instanceTypes: ['c5.metal'], subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
        ...{ market: 'on-demand', rootVolume: null, template: null, amiOwners: [] },
      },
      launchRequest: {
        placement: { instanceType: 'c5.metal', subnetId: 'subnet-1' },
        ...{ tags: { Name: 'Lab' }, body: BODY },
      },
    });
    const members = Object.keys(aWorker().running().build().state);
    expect(Object.keys(record).sort()).toEqual(members.sort());
  });

  it('of an imported worker does not say how AWS charges for it', () => {
    const launch = { subnetId: null, securityGroupIds: [] };
    const record = toRecord(ofTheFirstVersion({ launch, launchAttempt: 0, launchRequest: null }));
    expect([record.market, record.launch.subnetIds, record.launchRequest]).toEqual([null, [], null]);
  });

  it('has planned stops for idleness only', () => {
    const plannedStop = { at: at(75), reason: 'idle', decisionId: 'd-1' };
    const record = toRecord(ofTheFirstVersion({ plannedStop }));
    expect(record.plannedStop).toEqual({ ...plannedStop, cause: 'idle' });
  });

  it.each([
    ['running', {}],
    ['stopping', { status: 'STOPPING', desired: wanting('STOPPED'), convergedAt: null }],
    ['stopped', { status: 'STOPPED', desired: wanting('STOPPED'), activeLabsCount: null }],
    ['never launched', { status: 'PENDING', awsInstanceId: null, launchAttempt: 0, launchRequest: null }],
    ['under launch', { status: 'PENDING', awsInstanceId: null, convergedAt: null }],
  ])('can be reconciled, observed and shown: %s', (_name, given) => {
    const record = toRecord(ofTheFirstVersion(given));
    expect(nextAction(record, circumstances)).toEqual(expect.any(String));
    const health = { checks: { system: 'ok', instance: 'ok' }, scheduledEvents: [] } as const;
    const seen = { publicIp: null, privateIp: null, stateReason: null, begunAt: at(60) };
    const reading = { ...seen, status: 'RUNNING', instanceType: 'c5.metal', tags: {}, health } as const;
    expect(observeInstance(record, reading, at(60))).toEqual(expect.any(Array));
    expect(workerView.parse(toView(record, at(60)))).toMatchObject({
      scheduledEvents: [],
      market: record.market,
    });
  });
});

it('leaves a present document as it is', () => {
  const { state } = aWorker().running().build();
  const document = toDocument(state, 4);
  const { launch, launchRequest } = document;
  const record = toRecord(document);
  expect(record).toEqual(state);
  expect(record.launch).toBe(launch);
  expect(record.launchRequest).toBe(launchRequest);
});
