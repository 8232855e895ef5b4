import { policyFor } from '../adapters/aws/rights/policy';
import { type CliCommand } from './cli-command';

export const IAM_POLICY: CliCommand = {
  name: 'iam-policy',
  summary: 'prints the policy that AWS must grant: all that the application asks for, and no more',
  help: `Needs no settings. What launches may need beside it stands in docs/operations.md: iam:PassRole for
templates that name an instance profile, and rights to a KMS key of your own.`,
  options: {},
  run(_values, io) {
    io.out(JSON.stringify(policyFor(), null, 2));
    return Promise.resolve(0);
  },
};
