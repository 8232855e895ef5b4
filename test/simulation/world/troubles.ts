import { HOUR, MINUTE } from '../../../src/kernel/clocks';
import { CLEAR, type Distortion } from '../truth/observer';
import { type Readings } from '../truth/readings';
import { type ReadSource } from '../truth/track';
import { type Dice } from './dice';

const DAY = 24 * HOUR;

/** What may be wrong with the readings of a server for a while: one thing at a time. */
type Trouble = { readonly fails: readonly ReadSource[] } | { readonly shows: Distortion };

const SILENT = ['cml-system', 'cml-labs', 'cml-activity'] as const;

function randomTrouble(dice: Dice): Trouble {
  switch (dice.whole(0, 7)) {
    case 0:
    case 1:
      return { fails: SILENT };
    case 2:
      return { fails: ['cml-labs'] };
    case 3:
      return { fails: ['cml-activity'] };
    case 4:
      return { fails: ['ec2'] };
    case 5:
      return { shows: { ...CLEAR, listed: dice.whole(0, 1) } };
    case 6:
      return { shows: { ...CLEAR, stoppedFlag: true } };
    default:
      return { shows: { ...CLEAR, empty: true } };
  }
}

/** Lets readings fail, or tell something else than what is so, so often a day. `during` brackets each trouble. */
export function bringTroubles(
  readings: Readings,
  aDay: number,
  dice: Dice,
  time: { after(ms: number, run: () => void): void },
  during: { begins(what: string): void; ends(): void },
): void {
  if (aDay <= 0) return;
  time.after(dice.whole(1, Math.round((2 * DAY) / aDay)), () => {
    const trouble = randomTrouble(dice);
    during.begins(JSON.stringify(trouble));
    if ('fails' in trouble) readings.fail(trouble.fails, true);
    else readings.show(trouble.shows);
    time.after(dice.span(30_000, dice.pick([10 * MINUTE, 5 * HOUR])), () => {
      if ('fails' in trouble) readings.fail(trouble.fails, false);
      else readings.show(CLEAR);
      during.ends();
      bringTroubles(readings, aDay, dice, time, during);
    });
  });
}
