output "role_arn" {
  description = "For serviceAccount.roleArn of the Helm chart, or FLEET_AWS_ASSUME_ROLES."
  value       = aws_iam_role.this.arn
}

output "policy_arn" {
  description = "The rights, for a role of your own."
  value       = aws_iam_policy.this.arn
}

output "instance_profile_name" {
  description = "For the instance that cml-fleet runs on; null with irsa."
  value       = one(aws_iam_instance_profile.this[*].name)
}
