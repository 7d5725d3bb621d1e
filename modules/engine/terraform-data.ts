import { TerraformResource, type TerraformResourceConfig } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataProps extends Omit<TerraformResourceConfig, "terraformResourceType"> {
  /** What it is replaced for when it changes: its provisioners run again. */
  readonly triggersReplace: Readonly<Record<string, unknown>>;
}

/**
 * Terraform's own resource without anything behind it, which runs provisioners. cdktf's `DataResource` is the same, but runs
 * `terraform version` for each when a stack is written: half of the time that took. What Terraform is needed is in the
 * stack's `required_version`. https://developer.hashicorp.com/terraform/language/resources/terraform-data
 */
export class TerraformData extends TerraformResource {
  readonly #triggersReplace: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, { triggersReplace, ...config }: TerraformDataProps) {
    super(scope, id, { ...config, terraformResourceType: "terraform_data" });
    this.#triggersReplace = triggersReplace;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.#triggersReplace };
  }
}
