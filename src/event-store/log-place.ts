/** A place between the events of the log: after one event of a commit, or (index null) after all of them. */
export interface LogPlace {
  /** 0 is before everything */
  readonly position: number;
  /** place of the event in its commit, from 0 */
  readonly index: number | null;
}

/** `<position>.<index>`, or `<position>` alone; null for any other text. */
export function placeOf(text: string): LogPlace | null {
  const [, position, index] = /^(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,5}))?$/.exec(text) ?? [];
  if (position === undefined) return null;
  return { position: Number(position), index: index === undefined ? null : Number(index) };
}

export function placeText({ position, index }: LogPlace): string {
  return index === null ? String(position) : `${position}.${index}`;
}
