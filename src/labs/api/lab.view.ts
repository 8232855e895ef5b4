import { type z } from 'zod';
import { SECOND } from '../../kernel/clocks';
import { type LabReading } from '../application/get-lab.query';
import { type labView } from './labs.schemas';

export type LabView = z.input<typeof labView>;

export function toLabView({ lab, observedAt }: LabReading, now: Date): LabView {
  return { ...lab, observedAt, ageSeconds: ageSeconds(observedAt, now) };
}

export function ageSeconds(observedAt: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - observedAt.getTime()) / SECOND));
}
