import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { aServer, AT, sentAt } from '../testing/license-samples';
import { ANSWER_LOST, releaseStep } from './release-plan';
import { NO_LICENSE, type WorkerLicenseState } from './worker-license-state';

const stepOf = (
  registration: string | null,
  memory: Partial<WorkerLicenseState> = {},
  now = AT,
  since = AT,
) => releaseStep({ memory: { ...NO_LICENSE, ...memory }, since, server: aServer({ registration }), now });

describe('what is next when a licence is given back', () => {
  it.each(['COMPLETED', 'FAILED', 'IN_PROGRESS', 'EXPIRED', 'WHATEVER'])('of %s: it is', (registration) => {
    expect(stepOf(registration)).toEqual({ do: 'deregister' });
  });

  it('nothing, where there is none', () => {
    expect(stepOf('NOT_REGISTERED')).toMatchObject({ do: 'done' });
  });

  it.each(['NOT_REGISTERED', 'IN_PROGRESS'])(
    'to wait for a registration that may be on its way, while the server shows %s',
    (registration) => {
      const memory = { sent: sentAt('register', AT), holding: 'maybe' as const };
      expect(stepOf(registration, memory, plus(AT, 2 * MINUTE))).toEqual({ do: 'poll' });
      expect(stepOf(registration, memory, plus(AT, 2 * MINUTE + 1)).do).not.toBe('poll');
    },
  );

  it('to say that nobody knows, where the answer to the first deregistration was lost', () => {
    const memory = { sent: sentAt('deregister', AT) };
    expect(stepOf('NOT_REGISTERED', memory)).toEqual({ do: 'left-over', reason: ANSWER_LOST });
    expect(stepOf('COMPLETED', memory, plus(AT, 90 * SECOND))).toEqual({ do: 'poll' });
    expect(stepOf('COMPLETED', memory, plus(AT, 90 * SECOND + 1))).toEqual({ do: 'deregister' });
  });

  it('to ask again for two minutes where the server says nothing', () => {
    expect(stepOf(null)).toEqual({ do: 'poll' });
    expect(stepOf(null, {}, plus(AT, 3 * MINUTE))).toMatchObject({ do: 'fail', code: 'license-timed-out' });
  });
});
