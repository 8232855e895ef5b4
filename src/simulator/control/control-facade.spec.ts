import { type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<[status: number, answer: unknown]> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(fleet.controlUrl + path, {
    method,
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  return [response.status, answer === '' ? null : (JSON.parse(answer) as unknown)];
}

describe('faults', () => {
  it('are added, listed and removed', async () => {
    const rule = { actions: ['DescribeInstances'], error: 'Unavailable', until: '2026-11-23T09:00:00.000Z' };
    expect(await call('POST', '/faults', rule)).toEqual([201, { id: 1, rule, strikes: 0 }]);
    await expect(fleet.describe()).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await call('GET', '/faults')).toEqual([200, [{ id: 1, rule, strikes: 1 }]]);
    expect(await call('DELETE', '/faults/1')).toEqual([204, null]);
    expect(await call('DELETE', '/faults/1')).toEqual([404, { error: 'There is no fault 1.' }]);
    await call('POST', '/faults', rule);
    expect(await call('DELETE', '/faults')).toEqual([204, null]);
    await expect(fleet.describe()).resolves.toEqual([]);
  });

  it('of CML servers are so, too', async () => {
    const rule = { names: ['*'], paths: ['/labs'], status: 503, html: true, next: 3 };
    expect(await call('POST', '/cml-faults', rule)).toEqual([201, { id: 1, rule, strikes: 0 }]);
    expect(await call('GET', '/cml-faults')).toEqual([200, [{ id: 1, rule, strikes: 0 }]]);
    expect(await call('GET', '/faults')).toEqual([200, []]);
    expect(await call('POST', '/cml-faults', { status: 99 })).toMatchObject([400, {}]);
    expect(await call('DELETE', '/cml-faults/1')).toEqual([204, null]);
    expect(await call('DELETE', '/cml-faults/1')).toEqual([404, { error: 'There is no fault 1.' }]);
  });

  it('that make no sense are refused with what is wrong', async () => {
    const [status, answer] = await call('POST', '/faults', { error: 'Unavailable', nxet: 1 });
    expect([status, answer]).toMatchObject([400, { error: expect.stringContaining('nxet') as string }]);
    expect(await call('POST', '/faults', '{')).toMatchObject([
      400,
      { error: expect.stringMatching(/^This is no JSON/) as string },
    ]);
    expect(await call('POST', '/faults', [])).toMatchObject([400, {}]);
  });
});

describe('acts', () => {
  it('are done to an instance', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    expect(await call('POST', `/instances/${id}/set-tags`, { tags: { team: 'blue' } })).toEqual([
      201,
      { id, state: 'running' },
    ]);
    expect(await call('POST', `/instances/${id}/stop`)).toEqual([201, { id, state: 'stopping' }]);
    expect(await call('GET', '/instances')).toEqual([
      200,
      [{ id, region: 'eu-west-1', name: 'w', state: 'stopping', type: 'c5.2xlarge' }],
    ]);
  });

  it.each([
    ['start', {}],
    ['stop', { force: true }],
    ['terminate', {}],
    ['shut-down', {}],
    ['reboot', {}],
    ['set-tags', { tags: { a: 'b' } }],
    ['remove-tags', { keys: ['Name'] }],
    ['protect', { stop: true }],
    ['schedule-event', { code: 'system-maintenance', inSeconds: 60 }],
    ['impair', { system: true }],
    ['repair', {}],
    ['hang-stopping', {}],
  ])('%s is one', async (act, body) => {
    const [id] = fleet.world.populate(1, { tags: () => ({ Name: 'w' }) });
    expect(await call('POST', `/instances/${id}/${act}`, body)).toMatchObject([201, { id }]);
  });

  it('are refused as EC2 would, or where there is no such act or instance', async () => {
    const [id] = fleet.world.populate(1, { tags: () => ({ Name: 'w' }) });
    expect(await call('POST', `/instances/${id}/change-type`, { type: 'c5.metal' })).toMatchObject([
      409,
      { error: expect.stringMatching(/^IncorrectInstanceState/) as string },
    ]);
    expect(await call('POST', `/instances/${id}/interrupt-spot`)).toMatchObject([409, {}]);
    expect(await call('POST', `/instances/${id}/resume-spot`)).toMatchObject([409, {}]);
    expect(
      await call('POST', `/instances/${id}/fail-boot`, { reason: 'Server.InternalError' }),
    ).toMatchObject([409, {}]);
    expect(await call('POST', `/instances/${id}/dance`)).toMatchObject([400, {}]);
    expect(await call('POST', `/instances/${id}/change-type`)).toMatchObject([400, {}]);
    expect(await call('POST', '/instances/i-0/stop')).toEqual([404, { error: 'There is no instance i-0.' }]);
    expect(await call('GET', '/nothing')).toEqual([404, { error: 'There is no /nothing.' }]);
    expect(await call('PUT', '/faults')).toEqual([405, { error: 'PUT is not for /faults.' }]);
  });
});

it('calls are counted, and the last shown', async () => {
  await fleet.describe();
  await fleet.describe();
  const count = { service: 'ec2', action: 'DescribeInstances', region: 'eu-west-1', outcome: 'ok' };
  expect(await call('GET', '/calls')).toEqual([200, [{ ...count, count: 2 }]]);
  expect(await call('GET', '/calls?recent=1')).toMatchObject([200, [{ action: 'DescribeInstances' }]]);
  expect(await call('GET', '/calls?recent=0')).toMatchObject([400, {}]);
});

it('a scenario is played', async () => {
  const steps = [{ at: 60, do: { permit: '*' } }];
  expect(await call('POST', '/scenario', { name: 's', steps })).toMatchObject([201, [{ outcome: null }]]);
  fleet.seconds(60);
  expect(await call('GET', '/scenario')).toMatchObject([200, [{ outcome: '* permitted' }]]);
  expect(await call('POST', '/scenario', { steps })).toMatchObject([400, {}]);
});

it('a population settles', async () => {
  const population = { count: 3, regions: ['eu-west-1'], tags: { Name: 'w-{n}' }, state: 'stopped' };
  const [status, answer] = await call('POST', '/populate', population);
  expect([status, (answer as { ids: string[] }).ids]).toEqual([
    201,
    (await fleet.describe()).map(({ InstanceId }) => InstanceId),
  ]);
  expect(await fleet.describe({ Filters: [{ Name: 'tag:Name', Values: ['w-2'] }] })).toMatchObject([
    { State: { Name: 'stopped' }, StateReason: { Code: 'Client.UserInitiatedShutdown' } },
  ]);
  expect(await call('POST', '/populate', { ...population, regions: ['mars-1'] })).toMatchObject([400, {}]);
});

it('rights and throttling are switched', async () => {
  expect(await call('POST', '/deny', { action: 'DescribeInstances' })).toEqual([204, null]);
  await expect(fleet.describe()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  expect(await call('POST', '/permit', { action: '*' })).toEqual([204, null]);
  await expect(fleet.describe()).resolves.toEqual([]);
  expect(await call('PUT', '/throttling', { enabled: true })).toEqual([204, null]);
  expect(fleet.world.throttle.enabled).toBe(true);
});
