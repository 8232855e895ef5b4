import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CML_VERSIONS, isRefused, supportOf } from './cml-versions';

describe('the support of a version', () => {
  it.each([
    ['2.6.1', 'refused'],
    ['1.9', 'refused'],
    ['2.7.0', 'warned'],
    ['2.8.1+build.4', 'warned'],
    ['2.9.0+build.3', 'supported'],
    ['2.9', 'supported'],
    ['2.90.0', 'warned'],
    ['2.10.0', 'warned'],
    ['2.11.0-dev', 'warned'],
    ['3.0.0', 'refused'],
    ['12.0.0', 'refused'],
  ])('%s is %s', (version, level) => {
    expect(supportOf(version)?.level).toBe(level);
    expect(isRefused(version)).toBe(level === 'refused');
  });

  it.each(['', 'unknown', 'v2.9.0', '2'])('%j cannot be read, which is told and goes on', (version) => {
    expect(supportOf(version)).toMatchObject({
      level: 'warned',
      message: expect.stringContaining('cannot be read') as unknown,
    });
  });

  it('is not said of a server that names no version', () => {
    expect([supportOf(null), isRefused(null)]).toEqual([null, false]);
  });

  it('is documented as it is', () => {
    const path = join(__dirname, '../../../docs/cml-versions.md');
    const rows = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .slice(2);
    const said = rows.map(([, versions, level, message]) => ({ versions, level, message }));
    expect(said).toEqual(
      CML_VERSIONS.map(({ versions, level, message }) => ({ versions, level, message: message ?? '' })),
    );
  });
});
