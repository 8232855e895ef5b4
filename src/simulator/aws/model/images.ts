import { createHash } from 'node:crypto';

/** A machine image of one region. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly createdAt: Date;
  readonly public: boolean;
  /** version of the CML that boots with it, `2.9.0+build.3`; null: no CML inside */
  readonly cmlVersion: string | null;
}

/** Canonical's account, which publishes Ubuntu. */
const CANONICAL = '099720109477';

/** What a region offers. Ids differ between regions, as AMI ids do, but stay the same from run to run. */
export function imagesOf(region: string, accountId: string): Image[] {
  const image = (facts: Omit<Image, 'id'>): Image => ({ id: amiId(region, facts.name), ...facts });
  return [
    image({
      name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901',
      description: 'Ubuntu 24.04 LTS amd64',
      ownerId: CANONICAL,
      createdAt: new Date('2026-09-01T05:12:44.000Z'),
      public: true,
      cmlVersion: null,
    }),
    image({
      name: 'cml-2.8.1-ubuntu-24.04',
      description: 'CML 2.8.1 on Ubuntu 24.04',
      ownerId: accountId,
      createdAt: new Date('2025-04-02T14:03:10.000Z'),
      public: false,
      cmlVersion: '2.8.1+build.3',
    }),
    image({
      name: 'cml-2.9.0-ubuntu-24.04',
      description: 'CML 2.9.0 on Ubuntu 24.04',
      ownerId: accountId,
      createdAt: new Date('2026-07-15T09:30:00.000Z'),
      public: false,
      cmlVersion: '2.9.0+build.3',
    }),
  ];
}

function amiId(region: string, name: string): string {
  return `ami-${createHash('sha256').update(`${region}/${name}`).digest('hex').slice(0, 17)}`;
}
