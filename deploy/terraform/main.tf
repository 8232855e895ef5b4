# The role that cml-fleet acts by, with the rights that `npm run cli -- iam-policy` prints, and no more. policy.json is what
# that prints; a test holds the two equal.

resource "aws_iam_policy" "this" {
  name        = var.name
  description = "What cml-fleet asks of AWS: instances that are tagged managed-by=cml-fleet, and reading."
  policy      = jsonencode({ Version = local.policy.Version, Statement = local.statements })
  tags        = var.tags
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "cml-fleet, the fleet manager for CML workers"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [local.trusts[var.trust]] })
  permissions_boundary = var.permissions_boundary
  # the longest that a session may last; the SDK renews it before
  max_session_duration = 3600
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = var.trust != "irsa" || var.oidc_provider_arn != null
      error_message = "trust = \"irsa\" needs oidc_provider_arn."
    }
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_iam_instance_profile" "this" {
  count = var.trust == "ec2" ? 1 : 0

  name = var.name
  role = aws_iam_role.this.name
  tags = var.tags
}
