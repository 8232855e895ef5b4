import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { aServer, AT, OPERATION, sentAt } from '../testing/license-samples';
import { type ServerLicense } from './license-step';
import { type Registering, registrationStep } from './registration-plan';
import { NO_LICENSE, type WorkerLicenseState } from './worker-license-state';

const SEAT = { productLicense: null, features: [] };
const LATE = plus(AT, 2 * MINUTE + 1);
const NEXT_YEAR = plus(AT, 365 * 24 * HOUR);

const POOLED: Registering['wanted'] = {
  ...{ poolId: 'p-1', fingerprint: null, tokenRef: null, productLicense: null },
  ...{ features: [], transport: null, reregister: false },
};

function stepOf(
  server: Partial<ServerLicense>,
  {
    memory = {},
    ...given
  }: Partial<Omit<Registering, 'memory'>> & { memory?: Partial<WorkerLicenseState> } = {},
) {
  return registrationStep({
    ...{ wanted: POOLED, seat: SEAT, operationId: OPERATION, did: new Set(), accepted: false },
    ...{ since: AT, now: AT, server: aServer(server), ...given },
    memory: { ...NO_LICENSE, ...memory },
  });
}
const whole = { registration: 'COMPLETED', authorization: 'IN_COMPLIANCE', registrationExpires: NEXT_YEAR };
const sent = { sent: sentAt('register', AT), holding: 'maybe' as const };
const ours = {
  holding: 'ours' as const,
  registered: { poolId: 'p-1', fingerprint: 'aaaaaaaaaaaa', operationId: OPERATION, at: AT },
};

describe('what is next when a server is to be registered', () => {
  it('a seat before anything is changed', () => {
    expect(stepOf({}, { seat: null })).toEqual({ do: 'take-seat' });
  });

  it('the transport, then the product, then the registration; each once', () => {
    const wanted = { ...POOLED, transport: { smartServer: 'https://ssm' } };
    const seat = { ...SEAT, productLicense: 'CML_Education' };
    expect(stepOf({}, { wanted, seat })).toEqual({ do: 'set-transport', smartServer: 'https://ssm' });
    const did = new Set(['set-transport'] as const);
    expect(stepOf({}, { wanted, seat, did })).toEqual({
      do: 'set-product-license',
      productLicense: 'CML_Education',
    });
    const both = new Set(['set-transport', 'set-product-license'] as const);
    expect(stepOf({}, { wanted, seat, did: both })).toEqual({ do: 'register', reregister: false });
    const known = { smartServer: 'https://ssm', productLicense: 'CML_Education' };
    expect(stepOf(known, { wanted, seat })).toEqual({ do: 'register', reregister: false });
  });

  it.each(['NOT_REGISTERED', 'IN_PROGRESS', 'RETRY_IN_PROGRESS'])(
    'to wait two minutes for one that was sent, while the server shows %s',
    (registration) => {
      expect(stepOf({ registration }, { memory: sent, now: plus(AT, 2 * MINUTE) })).toEqual({ do: 'poll' });
    },
  );

  it('the same again, where it certainly did not arrive, three times at most', () => {
    expect(stepOf({}, { memory: sent, now: LATE })).toEqual({ do: 'register', reregister: false });
    const third = { ...sent, sent: sentAt('register', AT, { tries: 3 }) };
    expect(stepOf({}, { memory: third, now: LATE })).toMatchObject({ do: 'fail', code: 'license-timed-out' });
    expect(stepOf({}, { memory: sent, now: LATE, accepted: true })).toMatchObject({
      code: 'license-timed-out',
    });
  });

  it('its end at once where Cisco said no, by the words of the server', () => {
    const failed = { registration: 'FAILED', failure: 'The token is not valid' };
    expect(stepOf(failed, { memory: sent })).toEqual({
      ...{ do: 'fail', code: 'license-refused', unused: true },
      message:
        'Smart Licensing did not register the server: registration FAILED, authorization EVAL: The token is not valid.',
    });
    const before = { registration: 'FAILED', expires: null };
    const afterOne = { ...sent, sent: sentAt('register', AT, { before }) };
    expect(stepOf(failed, { memory: afterOne })).toEqual({ do: 'poll' });
    expect(stepOf(failed, { memory: afterOne, now: LATE })).toMatchObject({ code: 'license-refused' });
  });

  it('not its end while the server still shows the failure of the one before', () => {
    const failed = { registration: 'FAILED', failure: 'The token is not valid' };
    const before = { registration: 'FAILED', expires: null };
    const memory = { ...sent, sent: sentAt('register', AT, { before }) };
    const [settling, settled] = [plus(AT, 30 * SECOND), plus(AT, 30 * SECOND + 1)];
    expect(stepOf(failed, { memory, accepted: true, now: settling })).toEqual({ do: 'poll' });
    const refused = { code: 'license-refused', unused: true };
    expect(stepOf(failed, { memory, accepted: true, now: settled })).toMatchObject(refused);
    expect(stepOf(failed, { memory, operationId: 'o-2', now: settling })).toEqual({ do: 'poll' });
    expect(stepOf(failed, { memory, operationId: 'o-2', now: settled })).toMatchObject({ do: 'register' });
  });

  it('another try of a new operation where the one before came to nothing', () => {
    expect(stepOf({ registration: 'FAILED' }, { memory: sent, operationId: 'o-2' })).toEqual({
      do: 'register',
      reregister: false,
    });
    expect(stepOf({ registration: 'IN_PROGRESS' }, { memory: sent, operationId: 'o-2' })).toEqual({
      do: 'poll',
    });
  });

  it('to note that it is registered, when it is authorized as well', () => {
    expect(stepOf({ ...whole, authorization: 'INIT' }, { memory: sent })).toEqual({ do: 'poll' });
    expect(stepOf(whole, { memory: sent })).toEqual({ do: 'note-registered' });
    expect(
      stepOf({ ...whole, authorization: 'OUT_OF_COMPLIANCE' }, { memory: sent, now: LATE }),
    ).toMatchObject({
      code: 'license-not-compliant',
    });
  });

  it('to tell a registration anew from the one before by its end', () => {
    const before = { registration: 'COMPLETED', expires: NEXT_YEAR };
    const memory = { ...ours, registered: null, sent: sentAt('register', AT, { before }) };
    expect(stepOf(whole, { memory })).toEqual({ do: 'poll' });
    expect(stepOf(whole, { memory, now: LATE })).toEqual({ do: 'register', reregister: true });
    const moved = { ...whole, registrationExpires: plus(NEXT_YEAR, 1) };
    expect(stepOf(moved, { memory })).toEqual({ do: 'note-registered' });
  });

  it('nothing with a server that others registered, unless it is to be registered anew or has expired', () => {
    expect(stepOf(whole)).toMatchObject({ do: 'fail', code: 'license-registered-otherwise' });
    expect(stepOf(whole, { wanted: { ...POOLED, reregister: true } })).toEqual({
      do: 'register',
      reregister: true,
    });
    expect(stepOf({ ...whole, registrationExpires: plus(AT, -1) })).toEqual({
      do: 'register',
      reregister: true,
    });
    const byPool = { ...ours, registered: { ...ours.registered, operationId: 'o-0' } };
    expect(stepOf(whole, { memory: byPool })).toEqual({ do: 'note-registered' });
  });

  it('additional nodes, where the server counts others, and then its end', () => {
    const seat = {
      ...SEAT,
      features: [
        { id: 'nodes', count: 20 },
        { id: 'base', count: 1 },
      ],
    };
    const features = [{ id: 'base', inUse: 1 }];
    const counts = [{ id: 'nodes', count: 20 }];
    expect(stepOf({ ...whole, features }, { memory: ours, seat })).toEqual({ do: 'set-features', counts });
    const did = new Set(['set-features'] as const);
    expect(stepOf({ ...whole, features }, { memory: ours, seat, did })).toMatchObject({ do: 'done' });
  });
});
