package org.slimquant.deploy.c;

/**
 * The memory that exported C code needs for constants and arena. It does not include the code,
 * whose size depends on the compiler; measure it with {@code size}. It does not include the
 * caller's input and output either, nor the stack, of which the code uses a few hundred bytes.
 *
 * <p>Constants are in flash on most microcontrollers. On some they are in RAM, unless macros of the
 * source place them elsewhere.
 *
 * @param kernelBytes bytes of the kernels, constants; a code of up to 8 bits has one byte, others
 *     have two
 * @param otherBytes bytes of the other constants: biases, shifts, and descriptions of layers
 * @param arenaBytes bytes of the arena, RAM
 * @param unsharedBytes bytes that the arena would need if no two tensors shared memory
 */
public record CFootprint(long kernelBytes, long otherBytes, long arenaBytes, long unsharedBytes) {

  /** Returns the bytes of all constants. */
  public long constantBytes() {
    return kernelBytes + otherBytes;
  }
}
