import { type Request } from 'express';

/** What express 5 keeps of a route; its types leave `match` out. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that the routes at the path of a request take, in capitals, sorted; empty where there is no such path. */
export function methodsAt(request: Request): string[] {
  const { stack } = request.app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = stack
    .filter((layer) => layer.route && layer.match(request.path))
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}));
  // express answers it where there is GET
  if (methods.includes('get')) methods.push('head');
  return [...new Set(methods)].map((method) => method.toUpperCase()).sort();
}
