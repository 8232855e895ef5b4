import { SystemClock } from '../../../kernel/clocks';
import { SystemTimers } from '../../../kernel/timers';
import { AwsClients } from '../aws-clients';
import { AwsCalls, type AwsCallsOptions } from '../calls/aws-calls';

/** Clients that talk to a loopback endpoint, with time-outs that a test can wait for, and all the calls that AWS allows. */
export function awsClientsFor(
  endpoint: string,
  requestTimeoutMs = 20_000,
  calls: Partial<AwsCallsOptions> = {},
): AwsClients {
  return new AwsClients(
    {
      endpoint,
      connectionTimeoutMs: 10_000,
      requestTimeoutMs,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    callsOf(calls),
  );
}

export function callsOf(options: Partial<AwsCallsOptions> = {}): AwsCalls {
  return new AwsCalls({
    machine: new SystemClock(),
    timers: new SystemTimers(),
    random: () => 0,
    sharePercent: 100,
    ...options,
  });
}
