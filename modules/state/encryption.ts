/**
 * OpenTofu's `encryption` block: state and plan are encrypted with a passphrase that is read from a file when it runs. A
 * state that was not encrypted yet is still read, and encrypted with the next write.
 * @param file of the passphrase, relative to the folder that OpenTofu runs in
 */
export function encryption(file: string): object {
  const encrypted = {
    // Without ${}: OpenTofu takes a name here, and no expression.
    method: "method.aes_gcm.state",
    fallback: { method: "method.unencrypted.before" },
  };
  return {
    key_provider: { pbkdf2: { passphrase: { passphrase: `\${file(${JSON.stringify(file)})}` } } },
    method: {
      aes_gcm: { state: { keys: "${key_provider.pbkdf2.passphrase}" } },
      unencrypted: { before: {} },
    },
    state: encrypted,
    plan: encrypted,
  };
}
