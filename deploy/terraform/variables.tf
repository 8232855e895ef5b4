variable "name" {
  description = "Name of the role and of the policy."
  type        = string
  default     = "cml-fleet"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "The name must have 1 to 64 letters, digits or any of +=,.@_-."
  }
}

variable "trust" {
  description = "Who may take the role: irsa (pods of EKS, by a service account) or ec2 (an instance that cml-fleet runs on)."
  type        = string
  default     = "irsa"

  validation {
    condition     = contains(["irsa", "ec2"], var.trust)
    error_message = "trust must be irsa or ec2."
  }
}

variable "oidc_provider_arn" {
  description = "For irsa: ARN of the cluster's OIDC provider in IAM."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/.+$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be like arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE."
  }
}

variable "service_account" {
  description = "For irsa: namespace and name of the service account, as the Helm chart makes it. No wildcards."
  type = object({
    namespace = string
    name      = string
  })
  default = {
    namespace = "cml-fleet"
    name      = "cml-fleet"
  }

  validation {
    condition     = alltrue([for part in values(var.service_account) : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", part))])
    error_message = "Namespace and name of the service account must be names of Kubernetes, without wildcards."
  }
}

variable "cloudwatch" {
  description = "Let it read metrics of CloudWatch; false where FLEET_CLOUDWATCH_SECONDS is 0."
  type        = bool
  default     = true
}

variable "permissions_boundary" {
  description = "ARN of a policy that limits the role, where the account asks for one."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a policy."
  }
}

variable "tags" {
  description = "Tags of the role and the policy. None is called managed-by: that tag marks what cml-fleet may touch."
  type        = map(string)
  default     = {}

  validation {
    condition     = !contains(keys(var.tags), "managed-by")
    error_message = "The tag managed-by marks the instances that cml-fleet manages: use another one here."
  }
}
