/** Where the last build of an image wrote what its commands said; relative to the folder that Terraform runs in. */
export function buildLog(image: string): string {
  return `images/${image}.log`;
}
