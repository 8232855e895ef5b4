/** `2021-02-28T07:33:47+00:00`, as CML writes the times of labs and users. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(/[.]\d+Z$/, '+00:00');
}

/** The three ways in which telemetry times were seen: with milliseconds, without, and without a zone (UTC is meant). */
export function telemetryTime(time: Date, index: number): string {
  const iso = time.toISOString();
  const forms = [iso, iso.replace(/[.]\d+Z$/, 'Z'), iso.replace(/[.]\d+Z$/, '')];
  return forms[index % forms.length] ?? iso;
}
