package org.slimquant.deploy.onnx.qdq;

import java.util.List;
import java.util.stream.Stream;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.WeightedOp;

/** The check that all codes of a model are int8 with zero point 0. */
public final class SymmetricInt8 {

  private SymmetricInt8() {}

  /**
   * Checks all tensors and kernels. An unsigned format of 8 bits could be signed only with a
   * coarser step, and then the network would compute other codes than those it was trained with.
   *
   * @throws IllegalArgumentException if a code is not int8; the message names all such tensors and
   *     kernels
   */
  static void check(IntegerModel model) {
    List<String> others = others(model);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "model %s must have codes of -127 to 127 to be written as int8 with zero point 0, but has %s; give what is named at most 8 bits and sign = Sign.SIGNED, which the annotation of a class can give to all, calibrate, train and compile again, or write OnnxForm.QDQ"
              .formatted(model.name(), String.join(", ", others)));
    }
  }

  /** Returns the tensors and kernels whose codes are not all int8. */
  public static List<String> others(IntegerModel model) {
    return Stream.concat(
            model.tensors().stream()
                .filter(tensor -> tensor.format().maxCode() > Byte.MAX_VALUE)
                .map(IntegerTensor::toString),
            model.layers().stream()
                .filter(SymmetricInt8::isWide)
                .map(layer -> "the kernel of layer " + layer.name()))
        .toList();
  }

  private static boolean isWide(WeightedOp layer) {
    return layer.kernel().codes().stream().anyMatch(code -> code > Byte.MAX_VALUE)
        || layer.kernel().bits() > Byte.SIZE;
  }
}
