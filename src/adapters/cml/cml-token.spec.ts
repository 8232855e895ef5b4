import { claimsOf } from './cml-token';

const RECEIVED = new Date('2026-11-23T08:00:00Z');

function token(payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(payload)}.signature`;
}

describe('a token', () => {
  it('is renewed a minute before its life is over, counted from when it came, on whatever clock the server has', () => {
    const claims = claimsOf(token({ sub: 'u-1', iat: 1_000, exp: 1_000 + 86_400 }), RECEIVED);

    expect(claims).toEqual({ userId: 'u-1', renewAt: new Date('2026-11-24T07:59:00Z') });
  });

  it('of a short life is renewed a tenth before', () => {
    const { renewAt } = claimsOf(token({ iat: 1_000, exp: 1_100 }), RECEIVED);

    expect(renewAt).toEqual(new Date('2026-11-23T08:01:30Z'));
  });

  it('without a birth counts from now to its end', () => {
    const exp = RECEIVED.getTime() / 1000 + 3_600;

    expect(claimsOf(token({ exp }), RECEIVED).renewAt).toEqual(new Date('2026-11-23T08:59:00Z'));
  });

  it.each(['opaque', 'a.b.c', '', token({})])(
    'that says nothing (%s) is used until it is refused',
    (text) => {
      expect(claimsOf(text, RECEIVED)).toEqual({ userId: null, renewAt: null });
    },
  );
});
