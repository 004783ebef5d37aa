package org.slimquant.deploy.onnx.qdq;

import org.slimquant.model.BinaryOp;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.MatMul;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;

/**
 * The check that sums overflow neither in float ops nor in the integer ops that ONNX Runtime makes
 * of them.
 */
final class QdqSums {

  private static final int BYTE = 8;

  private QdqSums() {}

  /**
   * Checks the sums of all layers, and the results of all ops of two tensors.
   *
   * @throws IllegalArgumentException if a sum can overflow; the message has the layer
   */
  static void check(IntegerModel model) {
    for (IntegerOp op : model.ops()) {
      if (op instanceof BinaryOp binary) {
        check(binary);
      } else if (op instanceof MatMul product) {
        check(product);
      }
    }
    for (WeightedOp layer : model.layers()) {
      long[] bounds = SumBounds.magnitudes(layer);
      for (int channel = 0; channel < bounds.length; channel++) {
        if (areOfBytes(layer) && bounds[channel] > Integer.MAX_VALUE) {
          throw new IllegalArgumentException(
              "layer %s must have sums below 2^31 to be written in ONNX, but they can reach %d; use fewer inputs, fewer bits or a smaller bias"
                  .formatted(layer.name(), bounds[channel]));
        }
        int exponent = layer.accumulatorExponent(channel);
        if (exponent < Float.MIN_EXPONENT
            || Math.scalb((double) bounds[channel], exponent) > Float.MAX_VALUE) {
          throw new IllegalArgumentException(
              "layer %s must have sums that are normal float32 to be written in ONNX, but they can reach %d * 2^%d; write OnnxForm.QOPERATOR, or bring the steps of input and kernel closer to 1"
                  .formatted(layer.name(), bounds[channel], exponent));
        }
      }
    }
  }

  private static void check(BinaryOp op) {
    check(
        op,
        SumBounds.magnitude(op, op.left().format().maxCode(), op.right().format().maxCode()),
        op.resultExponent());
  }

  private static void check(MatMul product) {
    long bound =
        SumBounds.magnitude(
            product, product.left().format().maxCode(), product.right().format().maxCode());
    boolean bytes =
        product.left().format().bits() <= BYTE && product.right().format().bits() <= BYTE;
    if (bytes && bound > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "op %s must have sums below 2^31 to be written in ONNX, but they can reach %d; use fewer columns of the left matrix or fewer bits"
              .formatted(product.name(), bound));
    }
    check(product, bound, product.sumExponent());
  }

  /** Checks that the results of an op of two tensors are normal float32. */
  private static void check(IntegerOp op, long bound, int exponent) {
    if (exponent < Float.MIN_EXPONENT || Math.scalb((double) bound, exponent) > Float.MAX_VALUE) {
      throw new IllegalArgumentException(
          "op %s must have results that are normal float32 to be written in ONNX, but they can reach %d * 2^%d; write OnnxForm.QOPERATOR, or bring the steps of its inputs closer to 1"
              .formatted(op.name(), bound, exponent));
    }
  }

  /** Whether a layer has factors of 8 bits, so that ONNX Runtime makes an integer op of it. */
  static boolean areOfBytes(WeightedOp layer) {
    return layer.input().format().bits() <= BYTE && layer.kernel().bits() <= BYTE;
  }
}
