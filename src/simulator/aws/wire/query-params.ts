/** Parameters of AWS' Query protocol: flat names in which `.n` counts lists from 1 and `.Name` opens a structure. */
export class QueryParams {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  static parse(body: string): QueryParams {
    return new QueryParams(new Map(new URLSearchParams(body)));
  }

  get(name: string): string | null {
    return this.values.get(name) ?? null;
  }

  flag(name: string): boolean {
    return this.get(name) === 'true';
  }

  /** `InstanceId.1`, `InstanceId.2`, … */
  list(name: string): string[] {
    const values: string[] = [];
    for (let n = 1; ; n += 1) {
      const value = this.values.get(`${name}.${n}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** `Filter.1.…`, `Filter.2.…`: each with its own parameters. */
  structures(name: string): QueryParams[] {
    const items: QueryParams[] = [];
    for (let n = 1; ; n += 1) {
      const item = this.within(`${name}.${n}`);
      if (item.values.size === 0) return items;
      items.push(item);
    }
  }

  /** The parameters below a name, without it. */
  within(name: string): QueryParams {
    const inner = new Map<string, string>();
    for (const [key, value] of this.values) {
      if (key.startsWith(`${name}.`)) inner.set(key.slice(name.length + 1), value);
    }
    return new QueryParams(inner);
  }

  /** All parameters but the named, in the order of their names. */
  without(...names: string[]): [string, string][] {
    return [...this.values].filter(([name]) => !names.includes(name)).sort();
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.values);
  }
}
