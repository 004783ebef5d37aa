package org.slimquant.deploy.c;

import java.util.stream.IntStream;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.Kernel;
import org.slimquant.model.Table;
import org.slimquant.model.WeightedOp;

/**
 * A table of numbers.
 *
 * <pre>{@code
 * LENET_CONST static const LENET_SPACE int8_t lenet_Conv1_kernel[144 + LENET_STEP - 1] = { … };
 * LENET_CONST static const LENET_SPACE int32_t lenet_Conv1_bias[16] = { … };
 * }</pre>
 *
 * @param name its name, without the model's
 * @param type the type of a number in C
 * @param inSteps whether it is read in steps of the macro STEP, and so is longer by STEP - 1
 * @param numbers its numbers
 * @param bytes the size of the numbers
 * @param kernel whether the numbers are weights
 * @param comment the text above it; nothing if empty
 */
record CTable(
    String name,
    String type,
    boolean inSteps,
    Codes numbers,
    long bytes,
    boolean kernel,
    String comment)
    implements CConstant {

  /** Returns the weights of a layer: a row for each output channel, or depthwise as they are. */
  static CTable kernel(String layer, WeightedOp op) {
    Kernel kernel = op.kernel();
    CType type = CType.of(kernel);
    boolean rows = !(op instanceof DepthwiseConv2D);
    int size = kernel.codes().size();
    int channels = op.channels();
    int inputs = size / channels;
    IntStream weights =
        IntStream.range(0, size)
            .map(i -> rows ? i % inputs * channels + i / inputs : i)
            .map(kernel.codes()::get);
    String comment =
        "%s %sint%s, %s"
            .formatted(
                kernel.shape(),
                kernel.signed() ? "" : "u",
                kernel.bits(),
                rows ? "a row for each output channel" : "as they are");
    return new CTable(
        layer + "_kernel",
        type.text,
        op instanceof Conv2D,
        Codes.of(weights.toArray()),
        (long) size * type.bytes,
        true,
        comment);
  }

  /** Returns the bias of a layer. */
  static CTable bias(String layer, WeightedOp op) {
    return numbers(layer + "_bias", "int32_t", op.bias(), Integer.BYTES);
  }

  /** Returns the shifts of a layer that has one for each output channel. */
  static CTable shifts(String layer, RequantizationKind requantization) {
    return numbers(layer + "_shifts", "int8_t", requantization.shifts(), Byte.BYTES);
  }

  /**
   * Returns the codes of a table.
   *
   * @param codes the codes that its input can hold: it has an entry for each
   */
  static CTable function(String layer, Table table, CodeRange codes) {
    CType type = CType.of(table.output());
    int[] entries = IntStream.rangeClosed(codes.min(), codes.max()).map(table::code).toArray();
    return numbers(layer + "_table", type.text, Codes.of(entries), type.bytes);
  }

  private static CTable numbers(String name, String type, Codes numbers, long bytes) {
    return new CTable(name, type, false, numbers, bytes * numbers.size(), false, "");
  }
}
