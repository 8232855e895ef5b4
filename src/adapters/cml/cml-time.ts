import { MINUTE } from '../../kernel/clocks';

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

/**
 * A time as CML writes it: with or without fraction, `T` or a space, with or without a zone. One without a zone is UTC,
 * which `new Date` would take as local time. Null where the text is no time.
 */
export function timeIn(value: unknown): Date | null {
  const match = typeof value === 'string' ? FORM.exec(value) : null;
  if (!match) return null;
  const [, year, month, day, hour, minute, second = 0, fraction = '0', , sign, zoneHours, zoneMinutes] =
    match;
  const ms = Math.trunc(Number(`0.${fraction}`) * 1000);
  const time = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms),
  );
  // Date.UTC lets 31 June run over into July.
  const exact = time.getUTCMonth() === Number(month) - 1 && time.getUTCDate() === Number(day);
  if (!exact || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ahead = sign ? (Number(zoneHours) * 60 + Number(zoneMinutes)) * MINUTE : 0;
  return new Date(time.getTime() - (sign === '-' ? -ahead : ahead));
}
