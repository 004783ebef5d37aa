package org.slimquant.examples.measures;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a trained model as integers.
 *
 * @param integerAccuracy the share of the test part that the integer engine gets right, 0 to 1
 * @param comparedCodes how many codes of all tensors were compared with TensorFlow's
 * @param differingCodes how many of them differ
 * @param certified whether it is proven that none does for any input
 * @param flashBytes what the constants of the exported C take of a device's flash
 * @param ramBytes what its tensors take of a device's RAM
 * @param cDifferingCodes how many codes of the output the compiled C has other than the engine;
 *     null if there is no compiler
 */
public record Integers(
    double integerAccuracy,
    long comparedCodes,
    long differingCodes,
    boolean certified,
    long flashBytes,
    long ramBytes,
    @Nullable Long cDifferingCodes) {

  /** Returns what a device must have: {@code as C: 15,002 bytes of flash for constants, …}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "as C: %,d bytes of flash for constants, %,d bytes of RAM for tensors",
        flashBytes,
        ramBytes);
  }
}
