import { type SequentialIds } from '../../../src/kernel/ids';
import { type PolicySource } from '../../../src/reaper/domain/ports';
import { type WorkerState } from '../../../src/workers';
import { type Stores } from '../core/stores';
import { type Decisions } from '../judge/decisions';
import { type Liveness } from '../judge/liveness';
import { type Admin } from '../people/admin';
import { type Api } from '../people/api';
import { type Sabotage } from '../sabotage/sabotage';
import { type Channel } from '../truth/channel';
import { type Readings } from '../truth/readings';
import { type SimulatedEc2 } from '../truth/simulated-ec2';
import { type SimulatedSigns } from '../truth/simulated-signs';
import { type SimTime } from './sim-time';
import { type Story } from './story';
import { type RunMode, type RunTraits } from './traits';

/** What everything in a run shares. */
export interface Scene {
  readonly time: SimTime;
  readonly traits: RunTraits;
  readonly mode: RunMode;
  readonly story: Story;
  readonly stores: Stores;
  readonly ids: SequentialIds;
  readonly signs: SimulatedSigns;
  readonly ec2: SimulatedEc2;
  readonly channels: readonly Channel[];
  readonly policies: PolicySource;
  readonly decisions: Decisions;
  readonly liveness: Liveness;
  readonly api: Api;
  readonly admin: Admin;
  readonly sabotage: Sabotage;
  readonly installation: { readonly isDown: boolean; wake(at?: number): void };
  readonly lives: ReadonlyMap<string, { readonly readings: Readings; turnEnded(): void }>;
  episodes: number;
  pausedSince: number | null;
  /** how often anything became of a notice */
  readonly noticesTried: number;
  recordOf(id: string): WorkerState | null;
  failed(error: unknown, during: string): void;
}
