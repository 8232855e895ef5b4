import { Injectable } from '@nestjs/common';
import { StopNotices } from '../../notifications';
import { type WorkerState } from '../../workers';
import { ReaperControls } from '../domain/control/ports';
import { Alarming } from './alarming';
import { type FleetView } from './fleet-surroundings';
import { Pacing } from './pacing';
import { StopSettlement } from './stop-settlement';
import { type TurnBegin } from './turn-run';
import { isStoppedByItself } from './worker-facts';

/** What a turn does about the fleet as a whole: before it judges, and when the workers had theirs. */
@Injectable()
export class TurnEnds {
  constructor(
    private readonly pacing: Pacing,
    private readonly settlement: StopSettlement,
    private readonly controls: ReaperControls,
    private readonly alarming: Alarming,
    private readonly notices: StopNotices,
  ) {}

  /** Settles what earlier turns left, and notes how long there was none. @throws StoreUnavailable */
  async begin(correlationId: string): Promise<void> {
    await this.pacing.begin(correlationId);
    await this.settlement.settleAll(correlationId);
  }

  /** @throws StoreUnavailable */
  async finish(active: readonly WorkerState[], { notices }: FleetView, begin: TurnBegin): Promise<void> {
    const judged = new Set(
      begin.decisions.filter(({ verdict }) => verdict !== 'not-applicable').map(({ workerId }) => workerId),
    );
    for (const worker of active) {
      const { id } = worker;
      // also once its time is over: people still wait for it
      const isOpen = notices.has(id) && !isStoppedByItself(worker);
      if (isOpen && !judged.has(id)) await this.notices.callOff(id, NOT_RUNNING, begin.id);
    }
    await this.alarming.breakerOpen(await this.controls.state());
  }
}

const NOT_RUNNING = 'The planned stop is called off. It does not run any more.';
