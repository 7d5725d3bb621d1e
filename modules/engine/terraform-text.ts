/** Text that Terraform takes as it is, where it would see an interpolation or a directive of its own. */
export function literal(text: string): string {
  // Functions, because a replacement text has a meaning of its own for $$.
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}

/** What such a text stands for. */
export function plain(text: string): string {
  return text.replaceAll("$${", () => "${").replaceAll("%%{", () => "%{");
}
