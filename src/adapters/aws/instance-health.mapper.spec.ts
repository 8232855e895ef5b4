import { healthOf, interruptionOf } from './instance-health.mapper';

const AT = new Date('2027-01-15T12:00:00.000Z');

describe('what DescribeInstanceStatus says of an instance', () => {
  it('is both checks, and the events that are not over', () => {
    const event = {
      InstanceEventId: 'instance-event-1',
      Code: 'instance-retirement' as const,
      NotBefore: AT,
    };
    const health = healthOf({
      SystemStatus: { Status: 'impaired' },
      InstanceStatus: { Status: 'ok' },
      Events: [
        { ...event, Description: 'The instance is running on degraded hardware' },
        { ...event, Description: '[Completed] The instance is running on degraded hardware' },
        { ...event, Description: '[Canceled] The instance is running on degraded hardware' },
        { Code: 'system-reboot' as const },
      ],
    });

    expect(health.checks).toEqual({ system: 'impaired', instance: 'ok' });
    expect(health.scheduledEvents).toEqual([
      {
        id: 'instance-event-1',
        code: 'instance-retirement',
        description: 'The instance is running on degraded hardware',
        notBefore: AT,
        notAfter: null,
      },
      { id: null, code: 'system-reboot', description: null, notBefore: null, notAfter: null },
    ]);
  });

  it('is null for what it left out, and for a word that nobody knows', () => {
    const { checks } = healthOf({ SystemStatus: { Status: 'splendid' as 'ok' } });
    expect(checks).toEqual({ system: null, instance: null });
  });
});

it.each([
  ['marked-for-stop', true],
  ['marked-for-termination', true],
  ['instance-terminated-no-capacity', true],
  ['instance-terminated-by-price', true],
  ['instance-stopped-no-capacity', true],
  ['instance-terminated-by-user', false],
  ['instance-stopped-by-user', false],
  ['fulfilled', false],
  ['request-canceled-and-instance-running', false],
  [undefined, false],
])('a spot request with the status %s is taken back: %s', (Code, taken) => {
  const interruption = interruptionOf({ Status: Code === undefined ? {} : { Code, Message: 'why' } });
  expect(interruption).toEqual(taken ? { code: Code, message: 'why' } : null);
});
