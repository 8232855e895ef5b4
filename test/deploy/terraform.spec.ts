import { policyFor } from '../../src/adapters/aws/rights/policy';
import { textOf } from './files';

describe('the Terraform module', () => {
  it('grants what the program asks for, and no more; else: iam-policy > deploy/terraform/policy.json', () => {
    expect(JSON.parse(textOf('deploy/terraform/policy.json'))).toEqual(
      JSON.parse(JSON.stringify(policyFor())),
    );
  });

  it('attaches that policy alone', () => {
    const main = textOf('deploy/terraform/main.tf');
    expect(textOf('deploy/terraform/locals.tf')).toContain('jsondecode(file("${path.module}/policy.json"))');
    expect(main.match(/resource "aws_iam_role_policy_attachment"/g)).toHaveLength(1);
    expect(main).not.toMatch(/aws_iam_role_policy"|managed_policy_arns|inline_policy/);
  });

  it('can leave out the metrics by the name that they have', () => {
    expect(textOf('deploy/terraform/locals.tf')).toContain('statement.Sid != "Metrics"');
    expect(policyFor().Statement.map(({ Sid }) => Sid)).toContain('Metrics');
  });

  it('lets one service account take the role, for AWS alone', () => {
    const locals = textOf('deploy/terraform/locals.tf');
    expect(locals).toContain(
      ':sub" = "system:serviceaccount:${var.service_account.namespace}:${var.service_account.name}"',
    );
    expect(locals).toContain(':aud" = "sts.amazonaws.com"');
    expect(locals).not.toContain('StringLike');
  });
});
