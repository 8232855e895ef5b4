locals {
  policy = jsondecode(file("${path.module}/policy.json"))
  statements = [
    for statement in local.policy.Statement : statement
    if var.cloudwatch || statement.Sid != "Metrics"
  ]

  # arn:aws:iam::111122223333:oidc-provider/<issuer>
  issuer = var.oidc_provider_arn == null ? "" : element(split(":oidc-provider/", var.oidc_provider_arn), 1)
  trusts = {
    irsa = {
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.oidc_provider_arn }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "system:serviceaccount:${var.service_account.namespace}:${var.service_account.name}"
        }
      }
    }
    ec2 = {
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }
  }
}
