import { HOUR, ManualClock, MINUTE } from '../../kernel/clocks';
import { type IssuerDocuments } from './issuer-documents';
import { IssuerSignIn } from './issuer-sign-in';

it('what the issuer tells of its sign-in is asked once a minute, and again after the clock was set back', async () => {
  const clock = new ManualClock(new Date('2027-01-01T12:00:00Z'));
  const discover = jest.fn<ReturnType<IssuerDocuments['discover']>, []>();
  const report = jest.fn();
  const options = { clientId: 'docs', scopes: ['openid'], issuer: 'https://login.example.com/realm' };
  const signIn = new IssuerSignIn(options, { discover }, clock, report);
  discover.mockRejectedValue(new Error('away'));
  expect([await signIn.endpoints(), await signIn.endpoints()]).toEqual([null, null]);
  expect([discover.mock.calls.length, report.mock.calls.length]).toEqual([1, 1]);
  clock.advance(-HOUR);
  await signIn.endpoints();
  await signIn.endpoints();
  expect(discover).toHaveBeenCalledTimes(2);
  clock.advance(MINUTE);
  await signIn.endpoints();
  expect(discover).toHaveBeenCalledTimes(3);
});
