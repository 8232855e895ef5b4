import { SITUATIONS } from '../../testing/idle-situations';
import { decide } from './idle-decision';
import { announcement, callOffReason, stopReason } from './sentences';

const decisionOf = (name: string) => {
  const input = SITUATIONS[name];
  if (!input) throw new Error(`there is no situation ${name}`);
  return decide(input);
};

describe('what people read', () => {
  it('says of an announced stop why it is to come, and what keeps the worker', () => {
    expect(announcement(decisionOf('idle-announced-now'))).toBe(
      'Nobody has used it since 2027-01-15T11:15:00Z: it is stopped at 2027-01-15T12:15:00Z unless it is used, snoozed or protected before.',
    );
    expect(announcement(decisionOf('schedule-announced-ahead'))).toBe(
      'Its schedule asks for a stop, and nobody has used it since 2027-01-15T11:40:00Z: it is stopped at 2027-01-15T12:10:00Z unless it is used, snoozed or protected before.',
    );
    expect(announcement(decisionOf('max-uptime-announced'))).toBe(
      'It has run since 2027-01-15T02:00:00Z, its maximum uptime is 10 h, and it is not seen in use: it is stopped at 2027-01-15T12:05:00Z unless it is seen in use, snoozed or protected before.',
    );
  });

  it('says of a stop what it was for', () => {
    expect(stopReason(decisionOf('idle-due'))).toBe(
      'Nobody has used it since 2027-01-15T10:45:00Z (75 min), the threshold is 60 min, and a live probe confirmed it.',
    );
    expect(stopReason(decisionOf('schedule-due'))).toBe(
      'Its schedule asks for a stop, and nobody has used it since 2027-01-15T11:40:00Z (20 min), and a live probe confirmed it.',
    );
    expect(stopReason(decisionOf('max-uptime-due'))).toBe(
      'It has run since 2027-01-15T02:00:00Z, its maximum uptime is 10 h, and it is not seen in use, and a live probe saw no use of it.',
    );
  });

  it('says which stop was called off', () => {
    expect(callOffReason(decisionOf('in-use-labs'), 'It is in use.')).toBe(
      'The stop planned for 2027-01-15T12:00:00Z is called off. It is in use.',
    );
  });
});
