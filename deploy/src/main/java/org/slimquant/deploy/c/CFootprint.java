package org.slimquant.deploy.c;

/**
 * The memory that exported C code takes. The code itself is not in it: how large that is, is the
 * compiler's doing; {@code size} tells. Neither are the caller's input and output, nor the stack,
 * of which the code takes a few hundred bytes.
 *
 * <p>Constants are in flash on most microcontrollers; on some they are in RAM unless macros of the
 * source put them elsewhere.
 *
 * @param kernelBytes constants: the kernels; codes up to 8 bits take one byte, others two
 * @param otherBytes constants: biases, shifts and the description of the layers
 * @param arenaBytes RAM: the arena
 * @param unsharedBytes what the arena would take if no two tensors shared memory
 */
public record CFootprint(long kernelBytes, long otherBytes, long arenaBytes, long unsharedBytes) {

  /** Returns the bytes that all constants take. */
  public long constantBytes() {
    return kernelBytes + otherBytes;
  }
}
