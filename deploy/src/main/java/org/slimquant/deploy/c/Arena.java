package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Reshape;

/**
 * The places of tensors in the C code. Inputs and outputs are arrays of the caller. The other
 * tensors share the memory of the arena, which ends with the patch of the convolutions.
 *
 * <p>The arena is an array of {@code int16_t} if anything in it has 16 bits, otherwise of {@code
 * int8_t}. C allows to read bytes from an array of any type, but not 16 bits from an array of
 * bytes.
 */
final class Arena {

  /** The patch is padded to a multiple of this, which the macro STEP must divide. */
  static final int MAX_STEP = 32;

  private final IntegerModel model;
  private final Map<IntegerTensor, IntegerTensor> roots = new LinkedHashMap<>();
  private final CType unit;
  private final MemoryPlan plan;
  private final int patchBytes;

  /**
   * Lays out the memory of a model.
   *
   * @throws IllegalArgumentException if the memory is larger than 2^31 - 1 bytes
   */
  Arena(IntegerModel model) {
    this.model = model;
    model.inputs().forEach(input -> roots.put(input, input));
    for (IntegerOp op : model.ops()) {
      roots.put(op.output(), op instanceof Reshape reshape ? root(reshape.input()) : op.output());
    }
    boolean bytes =
        model.tensors().stream()
            .filter(
                tensor ->
                    !outside(tensor)
                        || model.inputs().contains(tensor)
                        || hasPatches(model, tensor))
            .allMatch(tensor -> CType.of(tensor).bytes == 1);
    unit = bytes ? CType.INT8 : CType.INT16;
    plan = MemoryPlan.of(model, tensor -> outside(tensor) ? 0 : roundedBytes(tensor));
    patchBytes = patchBytes(model);
    if ((long) plan.size() + patchBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the memory of model %s must have at most %s bytes, but has %s and %s"
              .formatted(model.name(), Integer.MAX_VALUE, plan.size(), patchBytes));
    }
  }

  private static boolean hasPatches(IntegerModel model, IntegerTensor tensor) {
    return model.ops().stream()
        .anyMatch(op -> op instanceof Conv2D conv && conv.input().equals(tensor));
  }

  private static int patchBytes(IntegerModel model) {
    long most = 0;
    for (IntegerOp op : model.ops()) {
      if (op instanceof Conv2D conv) {
        long inputs = conv.kernel().codes().size() / conv.channels();
        long filled = (inputs + MAX_STEP - 1) / MAX_STEP * MAX_STEP;
        most = Math.max(most, filled * CType.of(conv.input()).bytes);
      }
    }
    return Math.toIntExact(most);
  }

  /** Returns the tensor whose memory a tensor uses: for a reshape its input, otherwise itself. */
  private IntegerTensor root(IntegerTensor tensor) {
    return roots.getOrDefault(tensor, tensor);
  }

  /**
   * Returns the input or output whose array is a tensor's memory, if it is one of the caller's. If
   * outputs are one tensor under several shapes, this is the first of them.
   */
  Optional<IntegerTensor> outer(IntegerTensor tensor) {
    IntegerTensor root = root(tensor);
    return model.inputs().contains(root)
        ? Optional.of(root)
        : model.outputs().stream().filter(output -> root(output).equals(root)).findFirst();
  }

  private boolean outside(IntegerTensor tensor) {
    return outer(tensor).isPresent();
  }

  /** Returns the tensor's bytes, rounded up so that the next tensor is aligned. */
  private int roundedBytes(IntegerTensor tensor) {
    int bytes = Math.multiplyExact(tensor.size(), CType.of(tensor).bytes);
    return Math.multiplyExact((bytes + unit.bytes - 1) / unit.bytes, unit.bytes);
  }

  /** Returns the type of the arena's elements. */
  CType unit() {
    return unit;
  }

  /** Returns the number of the arena's elements, at least 1, because C has no empty array. */
  int length() {
    return Math.max(1, bytes() / unit.bytes);
  }

  /** Returns the bytes of the arena. */
  int bytes() {
    return plan.size() + patchBytes;
  }

  /** Returns the bytes that the arena would need if no two tensors shared memory. */
  long unsharedBytes() {
    return patchBytes
        + model.tensors().stream()
            .filter(tensor -> !outside(tensor) && root(tensor).equals(tensor))
            .mapToLong(this::roundedBytes)
            .sum();
  }

  /** Returns the expression in C for the place of a tensor. */
  String place(IntegerTensor tensor) {
    return place(CType.of(tensor), plan.offset(tensor.name()));
  }

  /** Returns the expression in C for the place of the patch of a convolution. */
  String patch(CType type) {
    return place(type, plan.size());
  }

  private String place(CType type, int offset) {
    String base = type == unit ? "arena" : "(%s *)arena".formatted(type.text);
    return offset == 0 ? base : "%s + %s".formatted(base, offset / type.bytes);
  }
}
