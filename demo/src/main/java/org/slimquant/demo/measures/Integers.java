package org.slimquant.demo.measures;

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
 *     engine, in both forms of integer ops; null if the model cannot be written in these
 * @param onnxSpeedup how many times as fast it computes the integers as it does the float model, in
 *     the form that is recommended for this processor; null if it did not run them
 * @param onnxForm that form; null if it did not run
 * @param onnxProcessor what this processor means for ONNX's forms; null if none ran
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
    @Nullable Double onnxSpeedup,
    @Nullable String onnxForm,
    @Nullable String onnxProcessor) {

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
                "\nas ONNX: %.1f times as fast as the float model in ONNX Runtime, in the form %s\n%s",
                onnxSpeedup,
                onnxForm,
                onnxProcessor);
  }
}
