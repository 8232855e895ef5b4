import { MINUTE, plus } from '../../kernel/clocks';
import { anOrder, hours, NOW } from '../testing/assignment.builder';
import { RequestEnded } from './request-errors';
import { WorkerRequest } from './worker-request';

const asked = () => WorkerRequest.make('r-1', anOrder(), NOW);
const starting = () => {
  const request = asked();
  request.choose('w-1', 'chosen', NOW);
  return request;
};
const ready = () => {
  const request = starting();
  request.ready('w-1', { id: 'a-1', until: hours(4) }, NOW);
  return request;
};

describe('a request for a worker', () => {
  it('waits for 60 minutes at most', () => {
    expect(asked().state).toMatchObject({
      ...anOrder(),
      ...{ id: 'r-1', state: 'waiting', workerId: null, deadline: plus(NOW, 60 * MINUTE), endedAt: null },
    });
  });

  it('is ready with its worker, and expires', () => {
    const request = ready();
    expect(request.state).toMatchObject({
      ...{ state: 'ready', workerId: 'w-1', assignmentId: 'a-1', until: hours(4), readyAt: NOW },
    });
    request.expire('Its time is over.', hours(4));
    expect(request.state).toMatchObject({ state: 'expired', endedAt: hours(4), workerId: 'w-1' });
  });

  it('waits again when it lost its worker, and takes no word of that one any more', () => {
    const request = starting();
    request.lose('w-2', 'another', NOW);
    request.lose('w-1', 'gone', NOW);
    expect(request.state).toMatchObject({
      state: 'waiting',
      workerId: null,
      chosenAt: null,
      message: 'gone',
    });
    request.ready('w-1', { id: 'a-1', until: hours(4) }, NOW);
    expect(request.state.state).toBe('waiting');
  });

  it('tells each thing once', () => {
    const request = asked();
    request.progress('it boots', NOW);
    request.progress('it boots', NOW);
    expect(request.uncommitted.map(({ type }) => type)).toEqual([
      'worker-request.made',
      'worker-request.progressed',
    ]);
  });

  it.each([
    ['waiting', asked],
    ['starting', starting],
    ['ready', ready],
  ])('can be cancelled once when it is %s', (_state, make) => {
    const request = make();
    const before = request.uncommitted.length;
    request.cancel('user:ann', NOW);
    request.cancel('user:ann', NOW);
    expect(request.uncommitted).toHaveLength(before + 1);
    expect(request.state).toMatchObject({ state: 'cancelled', message: 'user:ann cancelled it.' });
  });

  it('cannot be cancelled when it failed or expired', () => {
    const failed = starting();
    failed.fail({ code: 'request-timed-out', message: 'too late' }, NOW);
    expect(failed.state).toMatchObject({ state: 'failed', failure: { code: 'request-timed-out' } });
    expect(() => failed.cancel('user:ann', NOW)).toThrow(RequestEnded);
    const expired = ready();
    expired.expire('over', hours(4));
    expect(() => expired.cancel('user:ann', NOW)).toThrow(RequestEnded);
  });

  it.each([
    ['ready', ready],
    ['cancelled', () => cancelled()],
  ])('is not changed by a step that comes too late: %s', (_state, make) => {
    const request = make();
    const before = request.state;
    request.choose('w-2', 'late', NOW);
    request.lose('w-1', 'late', NOW);
    request.progress('late', NOW);
    request.fail({ code: 'late', message: 'late' }, NOW);
    request.ready('w-1', { id: 'a-2', until: NOW }, NOW);
    expect(request.state).toBe(before);
  });
});

function cancelled(): WorkerRequest {
  const request = starting();
  request.cancel('user:ann', NOW);
  return request;
}
