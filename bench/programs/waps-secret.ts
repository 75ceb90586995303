// The name and the secret of the devices of benchmarks: nothing secret, but as strong as one has to be.

/** A new object each time. */
export function benchSecret(): { readonly identity: string; readonly secret: string } {
  return { identity: 'bench', secret: 'v7Qm2xT9kLr4Wd8sZp3NfB6h' };
}
