import { type World } from '../world';

/** A request that cannot be answered as it is. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 404 | 405,
    message: string,
  ) {
    super(message);
  }
}

export interface ControlRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

/** `null`: nothing to say. @throws Refusal, ZodError, AwsError */
export type Answer = (world: World, request: ControlRequest, ...parts: string[]) => unknown;

/** By path, then by method. */
export type Routes = readonly (readonly [
  path: RegExp,
  methods: Readonly<Record<string, Answer | undefined>>,
])[];
