import { AwsClients } from '../aws-clients';

/** Clients that talk to a loopback endpoint, with time-outs that a test can wait for. */
export function awsClientsFor(endpoint: string, requestTimeoutMs = 5_000): AwsClients {
  return new AwsClients({
    endpoint,
    connectionTimeoutMs: 1_000,
    requestTimeoutMs,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}
