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
 * @param onnxDifferingCodes how many codes of the output ONNX Runtime computes other than the
 *     engine; null if the model cannot be written in ONNX's integer ops
 * @param onnxSpeedup how many times as fast it computes the integers as it does the float model;
 *     null if it did not run them
 */
public record Integers(
    double integerAccuracy,
    long comparedCodes,
    long differingCodes,
    boolean certified,
    long flashBytes,
    long ramBytes,
    @Nullable Long cDifferingCodes,
    @Nullable Long onnxDifferingCodes,
    @Nullable Double onnxSpeedup) {

  /** Returns what a device must have, and how fast ONNX Runtime is. */
  @Override
  public String toString() {
    String device =
        String.format(
            Locale.ROOT,
            "as C: %,d bytes of flash for constants, %,d bytes of RAM for tensors",
            flashBytes,
            ramBytes);
    return onnxSpeedup == null
        ? device
        : device
            + String.format(
                Locale.ROOT,
                "\nas ONNX: %.1f times as fast as the float model in ONNX Runtime",
                onnxSpeedup);
  }
}
