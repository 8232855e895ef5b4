import { Injectable } from '@nestjs/common';
import { type PastVerdict, PastVerdicts } from '../domain/ports';

/** Where nobody keeps what the reaper thought: there is nothing to compare with. */
@Injectable()
export class NoPastVerdicts extends PastVerdicts {
  between(): Promise<readonly PastVerdict[]> {
    return Promise.resolve([]);
  }
}
