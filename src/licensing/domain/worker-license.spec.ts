import { AT, sentAt } from '../testing/license-samples';
import { WorkerLicense } from './worker-license';
import { type LicenseCall } from './worker-license-state';

const OTHER = 'o-2';

/** A licence after these calls were sent, none of which was answered. */
function after(...calls: readonly (readonly [LicenseCall, operationId: string])[]): WorkerLicense {
  const license = WorkerLicense.none('w-1');
  for (const [call, operationId] of calls) {
    const { otherwise: _otherwise, ...sent } = sentAt(call, AT, { operationId });
    const tries = license.state.sent?.call === call ? license.state.sent.tries + 1 : 1;
    license.sending({ ...sent, tries });
  }
  return license;
}

describe('a call that the server refused', () => {
  it('is not done: where it was the only registration, nothing is held', () => {
    const license = after(['register', 'o-1']);
    expect(license.state.holding).toBe('maybe');
    license.callRefused('register', 'o-1', AT);
    expect([license.state.sent, license.state.holding]).toEqual([null, 'none']);
  });

  it('leaves a registration as it was that was sent before, where it was a deregistration', () => {
    const license = after(['register', 'o-1'], ['deregister', OTHER]);
    license.callRefused('deregister', OTHER, AT);
    expect(license.state).toMatchObject({ sent: { call: 'register', operationId: 'o-1' }, holding: 'maybe' });
  });

  it('leaves a deregistration unclear that was sent before it', () => {
    const license = after(['register', 'o-1'], ['deregister', OTHER], ['register', 'o-3']);
    license.callRefused('register', 'o-3', AT);
    expect(license.state).toMatchObject({ sent: { call: 'deregister' }, holding: 'maybe' });
  });

  it('counts one try less where others went unanswered', () => {
    const license = after(['register', 'o-1'], ['register', 'o-1']);
    license.callRefused('register', 'o-1', AT);
    expect(license.state).toMatchObject({ sent: { tries: 1 }, holding: 'maybe' });
  });

  it('says nothing of what another operation has sent since', () => {
    const license = after(['register', 'o-1'], ['deregister', OTHER]);
    const { version } = license;
    license.callRefused('register', 'o-1', AT);
    license.callRefused('deregister', 'o-1', AT);
    expect([license.version, license.state.sent?.operationId]).toEqual([version, OTHER]);
  });
});
