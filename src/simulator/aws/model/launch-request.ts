import { type Image } from './images';
import { type SpotTerms } from './spot-request';
import { type Placement } from './subnets';
import { type Tags } from './tags';
import { type VolumeSpec } from './volumes';

/** What a caller of RunInstances chooses, checked and with defaults filled in. */
export interface LaunchRequest {
  readonly count: number;
  readonly image: Image;
  readonly type: string;
  readonly clientToken: string;
  /** the subnet or zone that the call names; null: it leaves the choice to EC2 */
  readonly named: string | null;
  readonly placement: Placement;
  readonly publicAddress: boolean;
  readonly keyName: string | null;
  readonly securityGroupIds: readonly string[];
  readonly httpTokens: string;
  readonly iamProfileArn: string | null;
  readonly userData: string | null;
  readonly onShutdown: 'stop' | 'terminate';
  /** the root volume first */
  readonly volumes: readonly VolumeSpec[];
  /** null: on demand */
  readonly spot: SpotTerms | null;
  readonly tags: Tags;
  readonly volumeTags: Tags;
  readonly spotTags: Tags;
  readonly stopProtection: boolean;
  readonly terminationProtection: boolean;
  /** equal for two calls that ask for the same, whatever their token */
  readonly fingerprint: string;
}
