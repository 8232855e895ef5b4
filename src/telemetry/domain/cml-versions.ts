/**
 * `warned`: not tried, and expected to work. `refused`: read, but neither used nor offered to people, since what it
 * answers may mean something else.
 */
export type VersionLevel = 'supported' | 'warned' | 'refused';

interface VersionRange {
  /** for people */
  readonly versions: string;
  /** major and minor; the range begins there and ends where the next one begins */
  readonly from: readonly [major: number, minor: number];
  readonly level: VersionLevel;
  /** why, and what helps; null where nothing is to be said */
  readonly message: string | null;
}

/** Which versions of CML the fleet works with, in ascending order. docs/cml-versions.md shows the same table. */
export const CML_VERSIONS: readonly VersionRange[] = [
  {
    versions: 'below 2.7',
    from: [0, 0],
    level: 'refused',
    message: 'CML below 2.7 lacks what the fleet asks for. Launch the worker from an image with CML 2.9.',
  },
  {
    versions: '2.7 and 2.8',
    from: [2, 7],
    level: 'warned',
    message: 'CML 2.7 and 2.8 are expected to work, but are not tried. Use an image with CML 2.9.',
  },
  { versions: '2.9', from: [2, 9], level: 'supported', message: null },
  {
    versions: '2.10 and later 2.x',
    from: [2, 10],
    level: 'warned',
    message: 'CML 2.10 and later are expected to work, but are not tried. Use an image with CML 2.9.',
  },
  {
    versions: '3 and later',
    from: [3, 0],
    level: 'refused',
    message: 'CML 3 and later are not known to the fleet. Launch the worker from an image with CML 2.9.',
  },
];

export interface VersionSupport {
  readonly level: VersionLevel;
  readonly message: string | null;
}

const UNREADABLE: VersionSupport = {
  level: 'warned',
  message: 'The version that CML names cannot be read: it is used as if it were a supported one.',
};

/** Of a version as CML names it, `2.9.0+build.3`; null where it names none, of which nothing is said. */
export function supportOf(version: string | null): VersionSupport | null {
  if (version === null) return null;
  const numbers = /^(\d+)\.(\d+)(?!\d)/.exec(version);
  if (!numbers) return UNREADABLE;
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  const reached = ({ from }: VersionRange) => major > from[0] || (major === from[0] && minor >= from[1]);
  const range = CML_VERSIONS.filter(reached).at(-1);
  return range ? { level: range.level, message: range.message } : UNREADABLE;
}

export function isRefused(version: string | null): boolean {
  return supportOf(version)?.level === 'refused';
}
