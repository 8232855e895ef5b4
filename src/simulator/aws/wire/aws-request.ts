import { type IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../aws-error';
import { QueryParams } from './query-params';

/** A call of one AWS service, read from its wire format; signatures are taken on trust. */
export interface AwsRequest {
  /** as the signature's scope names it: ec2, sts, monitoring (CloudWatch) */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** of the keys of a session; null for long-lived ones */
  readonly sessionToken: string | null;
  /** when the caller signed, by its own clock; null where it does not say */
  readonly signedAt: Date | null;
  readonly action: string;
  readonly input: QueryParams | Readonly<Record<string, unknown>>;
}

const SCOPE = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * EC2 and STS send Query forms; client-cloudwatch 3.11xx sends AWS JSON 1.0 with the action in `x-amz-target`.
 * @throws AwsError MissingAuthenticationToken where the request is not signed
 */
export function parseAwsRequest(headers: IncomingHttpHeaders, body: string): AwsRequest {
  const [, accessKeyId, region, service] = SCOPE.exec(headers.authorization ?? '') ?? [];
  if (!accessKeyId || !region || !service) {
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const token = headers['x-amz-security-token'];
  const sessionToken = typeof token === 'string' ? token : null;
  const caller = { accessKeyId, sessionToken, region, service, signedAt: signingTime(headers['x-amz-date']) };
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const input = JSON.parse(body || '{}') as Record<string, unknown>;
    return { ...caller, action: target.slice(target.lastIndexOf('.') + 1), input };
  }
  const input = QueryParams.parse(body);
  return { ...caller, action: input.get('Action') ?? '', input };
}

/** `20261123T080000Z` */
function signingTime(header: string | string[] | undefined): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(header));
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
