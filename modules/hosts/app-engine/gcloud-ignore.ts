/** The text of `.gcloudignore`: what is for this machine alone. What an application calls the same is uploaded. */
export function gcloudIgnore(): string {
  return `# Written by Slipway: what is not uploaded.
/secrets/
/venv/
/README.md
/.gitignore
/.gcloudignore
/.slipway-export
__pycache__/
`;
}
