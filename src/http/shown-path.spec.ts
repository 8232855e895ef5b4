import { type IncomingMessage } from 'node:http';
import { shownPath, withoutTokens } from './shown-path';

const shown = (originalUrl: string) => shownPath({ originalUrl } as unknown as IncomingMessage);

describe('the path of a request as it is shown', () => {
  it.each([
    ['/notices/t0ken', '/notices/[secret]'],
    ['/NOTICES/t0ken', '/NOTICES/[secret]'],
    ['/notices//t0ken', '/notices//[secret]'],
    ['//notices/t0ken', '//notices/[secret]'],
    ['/cml/notices/t0ken/more?x=t0ken', '/cml/notices/[secret]'],
    ['/%6eotices/eyJhbGciOiJIUzI1NiJ9.eyJqdGki-_t0.t0ken', '/%6eotices/[secret]'],
    ['/x-eyJhbGciOiJIUzI1NiJ9.eyJqdGki.t0ken', '/x-[secret]'],
    ['/a.b.eyJhbGciOiJIUzI1NiJ9.eyJqdGki-_t0.t0ken', '/a.b.[secret]'],
    ['/app.v1.2.js', '/app.v1.2.js'],
    ['/api/v1/workers/7?token=t0ken', '/api/v1/workers/7'],
    ['/notices/', '/notices/'],
  ])('of %s is %s', (given, expected) => {
    expect(shown(given)).toBe(expected);
  });

  it('is found in time that grows with the path only', () => {
    const begun = performance.now();
    for (const part of ['eyJ-', 'eyJ.', 'eyJ-.-', '/notices/', 'a.']) shown(part.repeat(100_000));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('is the same in a sentence', () => {
    expect(withoutTokens('Cannot PUT /notices/t0ken now')).toBe('Cannot PUT /notices/[secret] now');
  });
});
