import { CmlError, type CmlFailure } from '../../telemetry';
import { wanting } from '../../workers/testing/worker.builder';
import { type LabRequest } from '../domain/lab-events';
import { aLab } from '../testing/fake-labs';
import { aRunningWorker, labsBench, NOW, PERSON } from '../testing/labs-bench';
import { ControlLab, ControlLabHandler } from './control-lab.command';

function controlBench() {
  const bench = labsBench();
  const { servers, client, acts, clock, worker } = bench;
  client.put(aLab('a'));
  const handler = new ControlLabHandler(servers, client, acts, clock);
  const control = (request: LabRequest, labId = 'a', context = PERSON) =>
    handler.execute(new ControlLab(worker.id, labId, request, context));
  const told = () => bench.events.map(({ type, data }) => [type, data]);
  return { ...bench, control, told };
}

const LAB = { labId: 'a', title: 'Lab a', owner: 'alice' };

describe('starting and stopping a lab', () => {
  it.each<LabRequest>(['start', 'stop'])(
    'out of reach does neither ask nor record, whether there is one: %s',
    async (request) => {
      const { client, control, told, worker } = controlBench();
      const some = { ...PERSON, reach: [{ workerIds: [worker.id], labIds: ['b'] }] };
      await expect(control(request, 'a', some)).rejects.toMatchObject({ code: 'lab-not-found' });
      await expect(control(request, 'c', some)).rejects.toMatchObject({ code: 'lab-not-found' });
      const others = { ...PERSON, reach: [{ workerIds: ['another'] }] };
      await expect(control(request, 'a', others)).rejects.toMatchObject({ code: 'worker-not-found' });
      expect([client.acts, told()]).toEqual([[], []]);
      const whole = { ...PERSON, reach: [{ workerIds: [worker.id] }] };
      expect(await control(request, 'a', whole)).toMatchObject({ lab: { id: 'a' } });
    },
  );

  it.each<LabRequest>(['start', 'stop'])(
    'records who and why before it asks, and the answer: %s',
    async (request) => {
      const { client, control, events, told, worker } = controlBench();
      client.beforeAnswer = (call) => {
        if (call === `${request} a`) expect(told()).toHaveLength(1);
      };
      expect(await control(request)).toEqual({ lab: aLab('a'), observedAt: NOW });
      expect(client.acts).toEqual([`${request} a`]);
      expect(told()).toEqual([
        [`labs.${request}-requested`, { ...LAB, requestedAt: NOW, requestedBy: 'user:ann' }],
        [
          'labs.request-answered',
          { labId: 'a', request, answer: 'accepted', message: null, answeredAt: NOW },
        ],
      ]);
      for (const event of events) {
        expect(event.aggregateId).toBe(worker.id);
        expect(event.record).toMatchObject({ actor: 'user:ann', reason: 'a course', correlationId: 'c-1' });
      }
    },
  );

  it('records a repetition of the command once', async () => {
    const { client, control, events } = controlBench();
    await control('start');
    await control('start');
    expect([client.acts, events.length]).toEqual([['start a', 'start a'], 2]);
    await control('stop', 'a', { ...PERSON, commandId: 'command-2' });
    expect(events).toHaveLength(4);
  });

  it.each<[CmlFailure, string]>([
    ['refused', 'refused'],
    ['busy', 'refused'],
    ['timeout', 'unknown'],
  ])('records what CML said where it is %s', async (failure, answer) => {
    const { client, control, told } = controlBench();
    client.refusal = new CmlError(failure, 'CML’s words '.repeat(100));
    await expect(control('start')).rejects.toMatchObject({ failure });
    const message = 'CML’s words '.repeat(100).slice(0, 500);
    expect(told()[1]).toEqual([
      'labs.request-answered',
      { labId: 'a', request: 'start', answer, message, answeredAt: NOW },
    ]);
  });

  it('is refused for a lab that is not there, and says so when it went meanwhile', async () => {
    const { client, control, told } = controlBench();
    await expect(control('start', 'b')).rejects.toMatchObject({ code: 'lab-not-found' });
    expect(told()).toEqual([]);
    client.beforeAnswer = (call) => {
      if (call === 'start a') client.labs.delete('a');
    };
    await expect(control('start')).rejects.toMatchObject({ code: 'lab-not-found' });
    expect(told()[1]?.[1]).toMatchObject({ answer: 'not-found' });
  });

  it('is refused on a worker that does not run', async () => {
    const { queries, control, client } = controlBench();
    queries.workers = [aRunningWorker({ status: 'STOPPED', desired: wanting('STOPPED') })];
    await expect(control('stop')).rejects.toMatchObject({
      code: 'invalid-transition',
      message:
        'lab-1 does not run: it is STOPPED, wanted STOPPED. Its labs can neither be read nor changed. Start the worker first.',
    });
    expect(client.acts).toEqual([]);
  });

  it.each([
    ['STOPPED', 'Start the worker first, so that it is wanted RUNNING.'],
    ['TERMINATED', 'Use another worker.'],
  ] as const)('lets no lab start, but stop, on a worker that is wanted %s', async (state, remedy) => {
    const { queries, control, client } = controlBench();
    queries.workers = [aRunningWorker({ desired: wanting(state, { reason: 'course is over' }) })];
    await expect(control('start')).rejects.toMatchObject({
      code: 'invalid-transition',
      message: `No lab can be started on lab-1: user:alice wants it ${state} (course is over). ${remedy}`,
    });
    await control('stop');
    expect(client.acts).toEqual(['stop a']);
  });
});
