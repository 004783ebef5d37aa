package org.slimquant.demo.measures;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a trained model as integers.
 *
 * @param integerAccuracy the share of the test part that the integer engine gets right, 0 to 1
 * @param comparedCodes the number of codes, of all tensors, that were compared with TensorFlow's
 * @param differingCodes the number of them that differ
 * @param certified whether it is proven that no code differs for any input
 * @param flashBytes the bytes of flash that the constants of the exported C need
 * @param ramBytes the bytes of RAM that its tensors need
 * @param cDifferingCodes the number of output codes of the compiled C that differ from the
 *     engine's; null if there is no compiler
 * @param onnxDifferingCodes the number of output codes of ONNX Runtime, in both forms of integer
 *     ops, that differ from the engine's; null if the model cannot be written in these ops
 * @param onnxSpeedup its speed with the integers, in the form that is recommended for this
 *     processor, relative to the float model; null if it did not run them
 * @param onnxForm that form; null if it did not run
 * @param onnxProcessor the consequence of this processor for ONNX's forms; null if no form ran
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

  /** Returns the memory that a device must have, and the speed of ONNX Runtime. */
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
