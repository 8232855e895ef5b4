import { changesOf, differentZones, FROM, instantByTemporal, randomOf, TO, ZONES } from '../../testing/zones';
import { DAY_MS } from './local-time';
import { ZoneClock } from './zone-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Local times that tell a wrong clock from a right one: about a change, by the clocks before and after it. */
const ABOUT = [
  -DAY_MS,
  -HOUR,
  -30 * MINUTE,
  -MINUTE,
  -1,
  0,
  1,
  MINUTE,
  29 * MINUTE,
  30 * MINUTE,
  HOUR,
  DAY_MS,
];

describe('the clock of a zone', () => {
  it('agrees with Temporal about every change of clocks in all zones in ten years', () => {
    let compared = 0;
    for (const zone of differentZones()) {
      const clock = ZoneClock.between(zone, FROM, TO);
      for (const { at, before, after } of changesOf(zone)) {
        for (const local of ABOUT.flatMap((ms) => [at + before + ms, at + after + ms])) {
          compared += 1;
          const expected = instantByTemporal(zone, local);
          // expect() is too slow for that many
          if (clock.instantOf(local) !== expected) {
            expect([zone, new Date(local), clock.instantOf(local)]).toEqual([
              zone,
              new Date(local),
              expected,
            ]);
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('agrees with Temporal about any day in any zone', () => {
    const random = randomOf(1);
    for (const zone of ZONES) {
      const clock = ZoneClock.between(zone, FROM, TO);
      for (let count = 0; count < 5; count += 1) {
        const local = FROM + Math.floor((random() * (TO - FROM - 4 * DAY_MS)) / MINUTE) * MINUTE + 2 * DAY_MS;
        const asked = [zone, new Date(local)];
        expect([...asked, clock.instantOf(local)]).toEqual([...asked, instantByTemporal(zone, local)]);
      }
    }
  });

  it.each([
    ['Europe/Zurich', '2026-03-29T02:30', '2026-03-29T01:00Z'],
    ['Europe/Dublin', '2026-03-29T01:30', '2026-03-29T01:00Z'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00Z'],
    ['America/St_Johns', '2026-03-08T02:30', '2026-03-08T05:30Z'],
    // over midnight, which does not come
    ['America/Santiago', '2026-09-06T00:00', '2026-09-06T04:00Z'],
    ['America/Havana', '2026-03-08T00:30', '2026-03-08T05:00Z'],
    ['Asia/Beirut', '2026-03-29T00:00', '2026-03-28T22:00Z'],
    ['Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:00Z'],
    ['Asia/Tehran', '2022-03-22T00:30', '2022-03-21T20:30Z'],
    // by half an hour only
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30Z'],
    // back to usual when Ramadan is over
    ['Africa/Casablanca', '2026-03-22T02:30', '2026-03-22T02:00Z'],
    // a whole day was left out
    ['Pacific/Apia', '2011-12-30T18:00', '2011-12-30T10:00Z'],
  ])('in %s, %s is left out: the first instant after', (zone, local, instant) => {
    expect(instantIn(zone, local)).toEqual(new Date(instant));
  });

  it.each([
    ['Europe/Zurich', '2026-10-25T02:30', '2026-10-25T00:30Z'],
    ['Europe/Dublin', '2026-10-25T01:30', '2026-10-25T00:30Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30Z'],
    ['America/St_Johns', '2026-11-01T01:30', '2026-11-01T04:00Z'],
    ['America/Santiago', '2026-04-04T23:30', '2026-04-05T02:30Z'],
    ['America/Havana', '2026-11-01T00:30', '2026-11-01T04:30Z'],
    ['Asia/Beirut', '2026-10-24T23:30', '2026-10-24T20:30Z'],
    ['Africa/Cairo', '2026-10-29T23:30', '2026-10-29T20:30Z'],
    ['Asia/Tehran', '2022-09-21T23:30', '2022-09-21T19:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45Z'],
    ['Africa/Casablanca', '2026-02-15T02:30', '2026-02-15T01:30Z'],
  ])('in %s, %s comes twice: the first of the two', (zone, local, instant) => {
    expect(instantIn(zone, local)).toEqual(new Date(instant));
  });

  it('knows no zone of another name', () => {
    expect(() => ZoneClock.between('Europe/Atlantis', FROM, TO)).toThrow(RangeError);
  });
});

function instantIn(zone: string, text: string): Date {
  const local = Date.parse(`${text}Z`);
  const clock = ZoneClock.between(zone, local - 200 * DAY_MS, local + 200 * DAY_MS);
  return new Date(clock.instantOf(local));
}
