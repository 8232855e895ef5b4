import { readingsOf, statusOf } from './instance-reading.mapper';

describe('an instance of EC2', () => {
  it('is read with its account, its addresses and its tags', () => {
    const launchedAt = new Date('2026-11-23T08:00:00Z');
    const readings = readingsOf([
      {
        OwnerId: '123456789012',
        Instances: [
          {
            InstanceId: 'i-0123456789abcdef0',
            State: { Code: 16, Name: 'running' },
            InstanceType: 'm5zn.metal',
            ImageId: 'ami-1',
            PublicIpAddress: '198.18.0.1',
            PrivateIpAddress: '10.0.0.4',
            LaunchTime: launchedAt,
            ClientToken: 'w1-1',
            Tags: [{ Key: 'Name', Value: 'lab-1' }],
          },
        ],
      },
    ]);

    expect(readings).toEqual([
      {
        instanceId: 'i-0123456789abcdef0',
        status: 'RUNNING',
        accountId: '123456789012',
        instanceType: 'm5zn.metal',
        amiId: 'ami-1',
        publicIp: '198.18.0.1',
        privateIp: '10.0.0.4',
        launchedAt,
        stateReason: null,
        clientToken: 'w1-1',
        market: 'on-demand',
        health: null,
        interruption: null,
        tags: { Name: 'lab-1' },
      },
    ]);
  });

  it('has null for what EC2 did not say, and for what it left empty', () => {
    const [reading] = readingsOf([
      { Instances: [{ InstanceId: 'i-1', ClientToken: '', PublicIpAddress: '' }] },
    ]);

    expect(reading).toEqual({
      instanceId: 'i-1',
      status: 'UNKNOWN',
      accountId: null,
      instanceType: null,
      amiId: null,
      publicIp: null,
      privateIp: null,
      launchedAt: null,
      stateReason: null,
      clientToken: null,
      market: 'on-demand',
      health: null,
      interruption: null,
      tags: {},
    });
  });

  it('tells why it stopped', () => {
    const StateReason = { Code: 'Client.UserInitiatedShutdown', Message: 'User initiated' };
    const [reading] = readingsOf([{ Instances: [{ InstanceId: 'i-1', StateReason }] }]);

    expect(reading?.stateReason).toEqual({ code: 'Client.UserInitiatedShutdown', message: 'User initiated' });
  });
});

it.each([
  [{ Code: 0 }, 'PENDING'],
  [{ Code: 16 }, 'RUNNING'],
  [{ Code: 32 }, 'SHUTTING_DOWN'],
  [{ Code: 48 }, 'TERMINATED'],
  [{ Code: 64 }, 'STOPPING'],
  [{ Code: 80 }, 'STOPPED'],
  // the upper byte means nothing to us
  [{ Code: 256 + 80 }, 'STOPPED'],
  [{ Name: 'stopping' as const }, 'STOPPING'],
  [{ Code: 99, Name: 'running' as const }, 'UNKNOWN'],
  [undefined, 'UNKNOWN'],
])('the state %j is %s', (state, status) => {
  expect(statusOf(state)).toBe(status);
});
