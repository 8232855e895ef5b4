import { busy, leaves, unreadable } from '../simulator/people/people';
import { type Persona } from '../simulator/people/persona';

/** A worker of the demo: who uses it, and what must become of it. */
export interface Role {
  readonly name: string;
  readonly awsRegion: string;
  readonly persona: Persona;
  readonly people: string;
  readonly fate: 'kept' | 'stopped' | 'kept with an alarm';
}

/** Fleet minutes. */
const LEAVES_AFTER = 20;
const UNREADABLE_AFTER = 15;

export const CAST: readonly Role[] = [
  {
    name: 'bgp-research',
    awsRegion: 'eu-west-1',
    persona: busy,
    people: 'Ada works on and on',
    fate: 'kept',
  },
  {
    name: 'ospf-homework',
    awsRegion: 'us-east-1',
    persona: leaves(LEAVES_AFTER),
    people: `Grace leaves after ${LEAVES_AFTER} minutes`,
    fate: 'stopped',
  },
  {
    name: 'mpls-testbed',
    awsRegion: 'eu-west-1',
    persona: unreadable('bad-gateway', UNREADABLE_AFTER, busy),
    people: `Ada works, but after ${UNREADABLE_AFTER} minutes CML cannot be read`,
    fate: 'kept with an alarm',
  },
];

export const REGIONS = [...new Set(CAST.map(({ awsRegion }) => awsRegion))];
